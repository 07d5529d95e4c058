namespace Minions.Core.Tests.Tokenization;

[TestFixtureSource(typeof(ReferenceTokenizers), nameof(ReferenceTokenizers.Names))]
public class ReferenceSamplesTests(string name)
{
    [Test]
    public void Ids_are_those_of_the_reference() => Assert.Multiple(() =>
    {
        foreach (var (text, ids, _) in Samples())
            Assert.That(ReferenceTokenizers.Get(name).Encode(text, addBeginToken: false), Is.EqualTo(ids), $"of \"{text}\"");
    });

    [Test]
    public void Texts_are_those_of_the_reference() => Assert.Multiple(() =>
    {
        foreach (var (text, ids, decoded) in Samples())
            Assert.That(ReferenceTokenizers.Get(name).Decode(ids, skipSpecialTokens: false), Is.EqualTo(decoded), $"of \"{text}\"");
    });

    [Test]
    public void Threads_encode_side_by_side()
    {
        var samples = Samples().ToList();
        var wrong = 0;
        Parallel.For(0, 8 * samples.Count, index =>
        {
            var (text, ids, _) = samples[index % samples.Count];
            if (!ReferenceTokenizers.Get(name).Encode(text, addBeginToken: false).SequenceEqual(ids)) Interlocked.Increment(ref wrong);
        });
        Assert.That(wrong, Is.Zero);
    }

    private List<(string Text, int[] Ids, string Decoded)> Samples()
    {
        var samples = ReferenceTokenizers.Samples(name).ToList();
        Assert.That(samples, Has.Count.EqualTo(106));
        return samples;
    }
}
