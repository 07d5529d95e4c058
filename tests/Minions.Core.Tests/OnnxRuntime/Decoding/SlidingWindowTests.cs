using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.Tests.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Decoding;

/// <summary>A graph that asks for a cache of its window only runs as the same graph with a cache of the whole text.</summary>
public sealed class SlidingWindowTests
{
    private const int Context = 512;

    private static readonly SyntheticOptions Windowed = new() { GroupQuery = true, ContextLength = Context };

    [Test]
    public void A_sliding_cache_changes_no_bit([Values(32, 64, 128)] int window)
    {
        using var sliding = SyntheticFolder.Create(Windowed with { Window = window, SlidingCache = true });
        using var whole = SyntheticFolder.Create(Windowed with { Window = window });
        using PackedDecoder one = BitIdentityTests.Open(sliding.Path);
        using PackedDecoder other = BitIdentityTests.Open(whole.Path);
        Assert.That(one.Decoder.SharesBuffers, Is.True);
        foreach (int length in new[] { 3, window - 1, window, window + 1, (3 * window) + 7 })
        {
            byte[][] expected = Rows(other.Decoder, Text(length), 64);
            foreach (int width in new[] { 3, 5, 17, 40, 64 })
                Assert.That(Rows(one.Decoder, Text(length), width), Is.EqualTo(expected), $"{length} ids, {width} at once");
        }
    }

    [Test]
    public void Going_back_across_the_window_and_running_again_changes_no_bit([Values(32, 64, 128)] int window)
    {
        using var folder = SyntheticFolder.Create(Windowed with { Window = window, SlidingCache = true });
        using PackedDecoder packed = BitIdentityTests.Open(folder.Path);
        int[] text = Text(3 * window);
        byte[][] expected = Rows(packed.Decoder, text, 64);
        using var sequence = new OnnxSequence(packed.Decoder.OpenCache(), bitIdentical: true);
        foreach (int back in new[] { 0, window - 2, window, 2 * window, 5, text.Length - 2 })
        {
            Assert.That(Continue(sequence, text, back, 64), Is.EqualTo(expected[back..]), $"from {back} on");
        }
    }

    [Test]
    public void The_window_is_the_operators_own([Values(32, 64)] int window)
    {
        using var files = SyntheticFolder.Create(Windowed with { Layers = 1, Window = window, SlidingCache = true });
        var folder = ModelFolder.Read(files.Path);
        using PackedDecoder packed = BitIdentityTests.Open(files.Path);
        using InferenceSession session = GraphRunner.Open(folder);
        int[] text = Text(4 * window);

        // The buffer of the operator's own cache is twice as long as the window, and wraps.
        var caches = GraphRunner.Caches(session, folder, capacity: 2 * window);
        const int Step = 8;
        for (int start = 0; start < text.Length; start += Step)
        {
            float[] expected = GraphRunner.RunShared(session, folder, caches, text, start, start + Step);
            float[] given = MemoryMarshal.Cast<byte, float>(Rows(packed.Decoder, text[..(start + Step)], 64)[^1]).ToArray();
            Assert.That(given, Is.EqualTo(expected[^given.Length..]).Within(1e-4), $"from {start} on");
        }
    }

    [Test]
    public void Rows_outside_of_the_window_are_not_seen()
    {
        using var windowed = SyntheticFolder.Create(Windowed with { Layers = 1, Window = 32, SlidingCache = true });
        using PackedDecoder packed = BitIdentityTests.Open(windowed.Path);
        int[] text = Text(100), other = [.. Text(50).Select(id => id ^ 1), .. text[50..]];

        byte[][] rows = Rows(packed.Decoder, text, 50), others = Rows(packed.Decoder, other, 50);
        Assert.That(rows[81..], Is.EqualTo(others[81..]));
        Assert.That(rows[60], Is.Not.EqualTo(others[60]));
    }

    [Test]
    public void A_graph_that_no_slot_can_be_made_of_keeps_its_window_too()
    {
        var options = Windowed with { Window = 32, SlidingCache = true };
        var model = SyntheticDecoder.Build(options);
        model.Graph.Node.Add(new OnnxNode { Name = "extra", OpType = "Identity", Input = { "attention_mask" }, Output = { "seen" } });
        model.Graph.Node.Add(new OnnxNode { Name = "reader", OpType = "Size", Input = { "present.0.key" }, Output = { "size" } });
        using var files = SyntheticFolder.Create(options, model);
        using var whole = SyntheticFolder.Create(Windowed with { Window = 32 });
        using PackedDecoder one = BitIdentityTests.Open(files.Path);
        using PackedDecoder other = BitIdentityTests.Open(whole.Path);
        Assert.That(one.Decoder.SharesBuffers, Is.False);

        Assert.That(Rows(one.Decoder, Text(100), 17), Is.EqualTo(Rows(other.Decoder, Text(100), 17)));
    }

    [Test]
    public void A_window_beyond_the_context_never_closes()
    {
        using var windowed = SyntheticFolder.Create(Windowed with { ContextLength = 64, Window = 4096, SlidingCache = true });
        using var plain = SyntheticFolder.Create(Windowed with { ContextLength = 64 });
        using PackedDecoder one = BitIdentityTests.Open(windowed.Path);
        using PackedDecoder other = BitIdentityTests.Open(plain.Path);

        Assert.That(Rows(one.Decoder, Text(64), 17), Is.EqualTo(Rows(other.Decoder, Text(64), 17)));
    }

    [TestCase(-2L)]
    [TestCase(1L << 40)]
    public async Task A_window_that_cannot_be_meant_is_told_at_load(long window) =>
        await RefusedAsync(Windowed with { Window = window }, $"'local_window_size' of {window}");

    [Test]
    public async Task A_window_of_nothing_is_told_at_load()
    {
        var options = Windowed with { Window = 1 };
        var model = SyntheticDecoder.Build(options);
        model.Graph.Node.SelectMany(node => node.Attribute).First(attribute => attribute.Name == "local_window_size").I = 0;
        using var files = SyntheticFolder.Create(options, model);
        await RefusedAsync(files.Path, "'local_window_size' of 0");
    }

    [Test]
    public async Task A_sliding_cache_without_a_window_is_told_at_load() =>
        await RefusedAsync(Windowed with { SlidingCache = true }, "'sliding_window_cache' but no 'local_window_size'");

    private static async Task RefusedAsync(SyntheticOptions options, string message)
    {
        using var files = SyntheticFolder.Create(options);
        await RefusedAsync(files.Path, message);
    }

    private static Task RefusedAsync(string folder, string message)
    {
        Assert.That(
            async () => await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder }),
            Throws.TypeOf<ModelLoadException>().With.Message.Contains(message).And.Message.Contains("GroupQueryAttention"));
        return Task.CompletedTask;
    }

    private static byte[][] Rows(OnnxDecoder decoder, int[] text, int width)
    {
        using var sequence = new OnnxSequence(decoder.OpenCache(), bitIdentical: true);
        return Continue(sequence, text, 0, width);
    }

    private static byte[][] Continue(OnnxSequence sequence, int[] text, int from, int width)
    {
        var rows = new List<byte[]>();
        sequence.Rewind(text, text.Length - from);
        while (sequence.RunChunk(text, width))
        {
            while (from + rows.Count < sequence.Ids.Length)
                rows.Add(MemoryMarshal.AsBytes(sequence.LogitsAfter(from + rows.Count)).ToArray());
        }

        return [.. rows];
    }

    private static int[] Text(int length) => [.. Enumerable.Range(0, length).Select(i => ((i * 7919) + (i / 13) + 5) % SyntheticOptions.Vocabulary)];
}
