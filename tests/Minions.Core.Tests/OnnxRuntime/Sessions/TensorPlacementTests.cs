using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Sessions;
using Minions.Core.Tests.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Sessions;

/// <summary>Caches lie where attention reads them: a binding would copy what lies elsewhere once, and later runs would read what was there then.</summary>
public sealed class TensorPlacementTests
{
    [Test]
    public void On_the_CPU_everything_is_on_the_host()
    {
        using var files = SyntheticFolder.Create(new SyntheticOptions { GroupQuery = true });
        using InferenceSession session = GraphRunner.Open(ModelFolder.Read(files.Path));

        TensorPlacement placement = TensorPlacement.Of(session);

        Assert.That(session.InputNames.Concat(session.OutputNames), Has.All.Matches<string>(placement.IsOnHost));
    }

    [Test]
    public void Each_cache_lies_where_its_layer_reads_it([Values] bool groupQuery) => With(groupQuery, (session, folder, rewritten, past, present) =>
    {
        DecoderSignature signature = DecoderSignature.Read(session, TensorPlacement.OnDevice([past[0], present[0]]), folder, rewritten);

        Assert.That(signature.Caches.Select(cache => cache.IsOnHost), Is.EqualTo(new[] { false, true, true, true }));
        Assert.That(signature.CachesAreOnHost, Is.False);
        Assert.That(DecoderSignature.Read(session, TensorPlacement.Host, folder, rewritten).CachesAreOnHost, Is.True);
    });

    [Test]
    public void A_cache_that_is_appended_to_in_place_cannot_be_read_here_and_written_there() => With(groupQuery: true, (session, folder, rewritten, past, _) => Assert.That(
        () => DecoderSignature.Read(session, TensorPlacement.OnDevice([past[0]]), folder, rewritten),
        Throws.TypeOf<ModelLoadException>().With.Message.Contains("'past_key_values.0.key'").And.Message.Contains("two devices")));

    [Test]
    public void A_cache_that_is_handed_on_can() => With(groupQuery: false, (session, folder, rewritten, past, _) => Assert.That(
        () => DecoderSignature.Read(session, TensorPlacement.OnDevice([past[0]]), folder, rewritten), Throws.Nothing));

    private static void With(bool groupQuery, Action<InferenceSession, ModelFolder, RewrittenGraph?, string[], string[]> test)
    {
        using var files = SyntheticFolder.Create(new SyntheticOptions { GroupQuery = groupQuery });
        ModelFolder folder = ModelFolder.Read(files.Path);
        RewrittenGraph? rewritten = DecoderGraph.Read(folder).Rewrite(1, folder, out _);
        Assert.That(rewritten is not null, Is.EqualTo(groupQuery));
        using InferenceSession session = GraphRunner.Open(folder, rewritten?.File);
        DecoderSignature signature = DecoderSignature.Read(session, TensorPlacement.Host, folder, rewritten);
        test(session, folder, rewritten, [.. signature.Past], [.. signature.Present]);
    }
}
