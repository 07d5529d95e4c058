using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.OnnxRuntime.Sessions;
using Minions.Core.Tests.OnnxRuntime.Synthetic;
using Minions.Core.Verification;

namespace Minions.Core.Tests.OnnxRuntime.Decoding;

/// <summary>The ground that exactness stands on: how a text is split into runs of two rows or more does not change one bit.</summary>
public class BitIdentityTests
{
    private static readonly string[] Models =
    [
        Path.Combine(RepositoryFiles.SmolLm2, "target"),
        Path.Combine(RepositoryFiles.SmolLm2, "draft-code"),
        Path.Combine(RepositoryFiles.Family, "target"),
        Path.Combine(RepositoryFiles.Family, "draft-tales"),
        Path.Combine(RepositoryFiles.Family, "draft-docs"),
        Path.Combine(RepositoryFiles.Family, "draft-plays"),
        Path.Combine(RepositoryFiles.Tiny, "llama-int4"),
        Path.Combine(RepositoryFiles.Tiny, "qwen3-fp32"),
    ];

    [TestCaseSource(nameof(Models))]
    public void Logits_do_not_depend_on_the_width_of_runs(string folder)
    {
        using PackedDecoder packed = Open(folder);
        OnnxDecoder decoder = packed.Decoder;
        int[] text = [.. Enumerable.Range(0, 51).Select(i => (i * 7919 + 13) % Math.Min(4000, decoder.Signature.VocabularySize))];
        byte[][] whole = Rows(decoder, text, text.Length);
        foreach (int width in new[] { 2, 3, 5, 8, 17 })
            Assert.That(Rows(decoder, text, width), Is.EqualTo(whole), $"width {width}");
    }

    [Test]
    public void The_same_holds_for_graphs_that_hand_their_cache_on([Values] bool halfCache, [Values] bool int32Ids)
    {
        using var folder = SyntheticFolder.Create(new SyntheticOptions { HalfCache = halfCache, Int32Ids = int32Ids });
        using PackedDecoder packed = Open(folder.Path);
        OnnxDecoder decoder = packed.Decoder;
        Assert.That(decoder.SharesBuffers, Is.False);
        int[] text = [.. Enumerable.Range(0, 20).Select(i => (i * 5 + 3) % decoder.Signature.VocabularySize)];
        byte[][] whole = Rows(decoder, text, text.Length);
        foreach (int width in new[] { 2, 3, 5 })
            Assert.That(Rows(decoder, text, width), Is.EqualTo(whole), $"width {width}");
    }

    [Test]
    public void Going_back_and_running_again_changes_nothing([Values] bool groupQuery)
    {
        using var folder = SyntheticFolder.Create(new SyntheticOptions { GroupQuery = groupQuery });
        using PackedDecoder packed = Open(folder.Path);
        OnnxDecoder decoder = packed.Decoder;
        Assert.That(decoder.SharesBuffers, Is.EqualTo(groupQuery));
        int[] text = [.. Enumerable.Range(0, 20).Select(i => (i * 5 + 3) % decoder.Signature.VocabularySize)];
        using KvCache cache = decoder.OpenCache();
        cache.Reserve(text.Length, 0);
        cache.Run(text, 0);
        byte[] last = Row(cache, text.Length - 1);
        cache.Run([1, 2, 3], 11);
        cache.Run(text.AsSpan(11), 11);

        Assert.That(Row(cache, text.Length - 12), Is.EqualTo(last));
    }

    [Test]
    public void Growing_keeps_what_was_run()
    {
        using PackedDecoder packed = Open(Path.Combine(RepositoryFiles.Family, "draft-tales"));
        OnnxDecoder decoder = packed.Decoder;
        int[] text = [.. Enumerable.Range(0, 300).Select(i => (i * 31 + 3) % decoder.Signature.VocabularySize)];
        using KvCache once = decoder.OpenCache();
        once.Reserve(300, 0);
        for (int start = 0; start < 300; start += 60)
            once.Run(text.AsSpan(start, 60), start);
        using KvCache grown = decoder.OpenCache();
        grown.Reserve(60, 0);
        grown.Run(text.AsSpan(0, 60), 0);
        Assert.That(grown.Reserve(300, 60), Is.EqualTo(60));
        for (int start = 60; start < 300; start += 60)
            grown.Run(text.AsSpan(start, 60), start);

        Assert.That(Row(grown, 59), Is.EqualTo(Row(once, 59)));
    }

    [Test]
    public void The_probe_guarantees_exactness_for_the_models_at_hand()
    {
        using PackedDecoder packed = Open(Path.Combine(RepositoryFiles.Family, "target"));
        OnnxDecoder decoder = packed.Decoder;
        Assert.That(ExactnessProbe.Run(decoder, default), Is.EqualTo(Exactness.Guaranteed));
    }

    [Test]
    public void The_probe_refuses_a_graph_that_quantises_whole_runs()
    {
        using var folder = SyntheticFolder.Create(new SyntheticOptions { DynamicQuantization = true });
        using PackedDecoder packed = Open(folder.Path);
        OnnxDecoder decoder = packed.Decoder;
        Exactness exactness = ExactnessProbe.Run(decoder, default);

        Assert.That(exactness.IsGuaranteed, Is.False);
        Assert.That(exactness.Reason, Does.Contain("DynamicQuantizeLinear"));
    }

    internal static PackedDecoder Open(string folder) =>
        PackedDecoder.Open(folder, new SessionRequest { DefaultIntraOpThreads = ThreadBudget.Target }, NullLogger.Instance, default);

    private static byte[][] Rows(OnnxDecoder decoder, int[] text, int width)
    {
        using KvCache cache = decoder.OpenCache();
        cache.Reserve(text.Length, 0);
        var rows = new List<byte[]>();
        for (int start = 0; start < text.Length;)
        {
            int left = text.Length - start;
            int take = left - width is 1 ? (width == 2 ? 3 : width - 1) : Math.Min(width, left);
            cache.Run(text.AsSpan(start, take), start);
            for (int row = 0; row < take; row++)
                rows.Add(Row(cache, row));
            start += take;
        }

        return [.. rows];
    }

    private static byte[] Row(KvCache cache, int row) => MemoryMarshal.AsBytes(cache.Logits(row)).ToArray();
}
