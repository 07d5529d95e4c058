using Minions.Benchmarks.EndToEnd.Arms;
using Minions.Benchmarks.EndToEnd.Measuring;

namespace Minions.Benchmarks.Tests.EndToEnd.Measuring;

public sealed class ReferencesTests
{
    private static readonly Answer Own = Of(1, 2, 3);
    private static readonly Answer GenAI = Of(1, 2, 4);

    [TestCase("vote", true, null, null)]
    [TestCase("plain", null, null, null)]
    public void Without_GenAI_a_text_is_held_against_what_is_promised(string arm, bool? identical, bool? likeGenAI, bool? likeOwn) =>
        Assert.That(new References([Own]).Judge(Arm(arm), 0, Of(1, 2, 3)), Is.EqualTo(Verdict(identical, likeGenAI, likeOwn)));

    [TestCase("vote", true, false, null)]
    [TestCase("plain", null, false, null)]
    [TestCase("genai", null, false, true)]
    public void With_GenAI_it_is_held_against_the_texts_of_both(string arm, bool? identical, bool? likeGenAI, bool? likeOwn)
    {
        var references = new References([Own], [GenAI]);

        Assert.That(references.Judge(Arm(arm), 0, Of(1, 2, 3)), Is.EqualTo(Verdict(identical, likeGenAI, likeOwn)));
        Assert.That(references.Judge(Arm(arm), 0, Of(1, 2, 4)), Is.EqualTo(Verdict(!identical, !likeGenAI, !likeOwn)));
    }

    [Test]
    public void A_pipeline_over_GenAI_owes_the_text_of_the_same_target()
    {
        var references = new References([Own], [GenAI], [Of(1, 2, 5)]);

        Assert.That(references.Judge(Arm("minions-on-genai"), 0, Of(1, 2, 5)), Is.EqualTo(Verdict(true, false, false)));
        Assert.That(references.Judge(Arm("minions-on-genai"), 0, Of(1, 2, 3)), Is.EqualTo(Verdict(false, false, true)));
    }

    [Test]
    public void Where_a_text_is_promised_its_characters_are_too()
    {
        var references = new References([Own]);

        Assert.That(references.Judge(Arm("vote"), 0, Own with { Text = "another" }).Identical, Is.False);
    }

    private static Arm Arm(string name) => ArmCatalogue.Parse(name, new LoadedVoters([], ["draft-a"], Ngram: false))[0];

    private static Answer Of(params int[] ids) => new(ids, Text: "a text") { Rounds = 1, CommittedTokens = ids.Length - 1 };

    private static TextVerdict Verdict(bool? identical, bool? likeGenAI, bool? likeOwn) => new() { Identical = identical, LikeGenAI = likeGenAI, LikeOwn = likeOwn };
}
