using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.OnnxRuntime.Sessions;
using Minions.Core.Tests.OnnxRuntime.Decoding;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Packing;

/// <summary>Company changes not one bit: every row of a run of several requests is the row the request gets alone.</summary>
public sealed class PackedRunTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Folders =
    [
        Path.Combine(RepositoryFiles.Family, "target"),
        Path.Combine(RepositoryFiles.Family, "draft-tales"),
        Path.Combine(RepositoryFiles.SmolLm2, "draft-code"),
        Path.Combine(RepositoryFiles.Tiny, "llama-int4"),
        Path.Combine(RepositoryFiles.Tiny, "qwen3-fp32"),
    ];

    private static readonly SyntheticOptions[] Synthetic =
    [
        new() { GroupQuery = true },
        new() { GroupQuery = true, ExplicitPositions = true },
        new() { GroupQuery = true, Int32Ids = true, HalfCache = true },
        new() { GroupQuery = true, LogitsElement = OnnxElement.Float16 },
        new() { GroupQuery = true, LogitsElement = OnnxElement.BFloat16 },
        new() { GroupQuery = true, UnevenLayers = true },
        new() { GroupQuery = true, Window = 16, SlidingCache = true },
    ];

    [TestCaseSource(nameof(Folders))]
    public async Task Batches_of_1_to_17_mixed_requests_run_as_alone(string folder)
    {
        using PackedDecoder model = BitIdentityTests.Open(folder);
        await HoldAsync(model, [1, 2, 3, 5, 8, 13, 16, 17], longest: 150);
    }

    [TestCaseSource(nameof(Synthetic))]
    public async Task The_same_holds_for_other_shapes_of_graph(object options)
    {
        using var folder = SyntheticFolder.Create((SyntheticOptions)options);
        using PackedDecoder model = BitIdentityTests.Open(folder.Path);
        await HoldAsync(model, [2, 4, 7, 16], longest: 40);
    }

    [Test]
    public async Task The_same_holds_for_SmolLm2()
    {
        using PackedDecoder model = BitIdentityTests.Open(Path.Combine(RepositoryFiles.SmolLm2, "target"));
        await HoldAsync(model, [3], longest: 80);
    }

    [Test]
    public async Task The_same_holds_where_weights_are_turned_at_load_and_cannot_be_shared()
    {
        using PackedDecoder model = PackedDecoder.Open(
            Path.Combine(RepositoryFiles.SmolLm2, "target"),
            new SessionRequest
            {
                Device = SessionDevice.Cpu,
                Entries = new Dictionary<string, string> { ["session.x64quantprecision"] = "1" },
                DefaultIntraOpThreads = ThreadBudget.Target,
            },
            NullLogger.Instance,
            default);
        await HoldAsync(model, [2], longest: 20);
    }

    [Test]
    public async Task A_request_that_allows_rows_of_width_one_rides_along_without_touching_the_others()
    {
        using PackedDecoder model = BitIdentityTests.Open(Path.Combine(RepositoryFiles.Family, "target"));
        await MakeAsync(model, 3);
        using var exact = new RecordingItem(model);
        using var fast = new RecordingItem(model, bitIdentical: false);
        using var other = new RecordingItem(model);
        var batch = new RunBatch(model);
        int[] text = Text(30, 5, 4000);
        for (int length = 20; length < 30; length++)
        {
            foreach (RecordingItem item in new[] { exact, fast, other })
                batch.Add(item.For(text[..length], 1));
            batch.Run(default);
        }

        Assert.That(fast.Widths, Is.EqualTo(new[] { 1 }));
        Assert.That(exact.Rows, Is.EqualTo(Alone(model, text[..29], 1)));
        Assert.That(other.Rows, Is.EqualTo(Alone(model, text[..29], 1)));
    }

    [Test]
    public async Task A_long_prompt_goes_on_chunk_by_chunk_while_short_requests_leave()
    {
        using PackedDecoder model = BitIdentityTests.Open(Path.Combine(RepositoryFiles.Family, "draft-tales"));
        await MakeAsync(model, 2);
        using var longOne = new RecordingItem(model);
        using var shortOne = new RecordingItem(model);
        int[] text = Text(200, 3, 1000);
        var batch = new RunBatch(model);
        batch.Add(longOne.For(text, 1));
        batch.Add(shortOne.For(text[..5], 2));
        batch.Run(default);

        Assert.That(shortOne.Widths, Is.EqualTo(new[] { 5 }));
        Assert.That(longOne.Widths, Is.EqualTo(new[] { 64, 64, 64, 8 }));
        Assert.That(longOne.Rows, Is.EqualTo(Alone(model, text, 1)));
        Assert.That(shortOne.Rows, Is.EqualTo(Alone(model, text[..5], 2)));
    }

    [Test]
    public async Task Ids_may_be_taken_in_without_wanting_a_row()
    {
        using PackedDecoder model = BitIdentityTests.Open(Path.Combine(RepositoryFiles.Family, "draft-tales"));
        await MakeAsync(model, 2);
        using var prompt = new RecordingItem(model);
        using var other = new RecordingItem(model);
        int[] text = Text(100, 3, 1000);
        var batch = new RunBatch(model);
        batch.Add(prompt.For(text[..64], 0));
        batch.Add(other.For(text[..5], 2));
        batch.Run(default);
        Assert.That(prompt.Rows, Is.Empty);
        Assert.That(prompt.Sequence.Ids.Length, Is.EqualTo(64));

        batch.Add(prompt.For(text, 3));
        batch.Run(default);
        Assert.That(prompt.Rows, Is.EqualTo(Alone(model, text, 3)));
    }

    [Test]
    public async Task A_fault_of_one_request_touches_no_other()
    {
        using PackedDecoder model = BitIdentityTests.Open(Path.Combine(RepositoryFiles.Family, "draft-tales"));
        await MakeAsync(model, 3);
        using var good = new RecordingItem(model);
        using var bad = new RecordingItem(model);
        using var unlucky = new RecordingItem(model) { OnRun = () => throw new InvalidOperationException("as told") };
        int[] text = Text(20, 3, 1000);
        var batch = new RunBatch(model);
        batch.Add(bad.For([1, 2, int.MaxValue], 1));
        batch.Add(good.For(text, 2));
        batch.Add(unlucky.For(text, 1));
        batch.Run(default);

        Assert.That(bad.Fault, Is.TypeOf<ModelRunException>());
        Assert.That(unlucky.Fault, Is.TypeOf<InvalidOperationException>());
        Assert.That(good.Fault, Is.Null);
        Assert.That(good.Rows, Is.EqualTo(Alone(model, text, 2)));

        batch.Add(bad.For(text[..4], 1));
        batch.Add(good.For(text[..3], 1));
        batch.Run(default);
        Assert.That(bad.Rows, Is.EqualTo(Alone(model, text[..4], 1)), "a failed run leaves no trace");
    }

    [Test]
    public async Task Cancelling_one_request_between_two_runs_touches_no_other()
    {
        using PackedDecoder model = BitIdentityTests.Open(Path.Combine(RepositoryFiles.Family, "draft-tales"));
        await MakeAsync(model, 2);
        using var source = new CancellationTokenSource();
        using var cancelled = new RecordingItem(model) { Cancellation = source.Token, OnRun = source.Cancel };
        using var other = new RecordingItem(model);
        int[] text = Text(150, 3, 1000);
        var batch = new RunBatch(model);
        batch.Add(cancelled.For(text, 1));
        batch.Add(other.For(text, 1));
        batch.Run(default);

        Assert.That(cancelled.Fault, Is.InstanceOf<OperationCanceledException>());
        Assert.That(other.Rows, Is.EqualTo(Alone(model, text, 1)));
    }

    [Test]
    public async Task A_steady_round_allocates_nothing()
    {
        using PackedDecoder model = BitIdentityTests.Open(Path.Combine(RepositoryFiles.Family, "draft-tales"));
        await MakeAsync(model, 5);
        RecordingItem[] items = [.. Enumerable.Range(0, 5).Select(_ => new RecordingItem(model))];
        int[] text = Text(40, 3, 1000);
        var batch = new RunBatch(model);
        long[] allocated = new long[10];
        for (int round = 0; round < allocated.Length; round++)
        {
            foreach (RecordingItem item in items)
            {
                item.Widths.Capacity = 16;
                batch.Add(item.For(text, 0));
                item.Sequence.Rewind(text, 3);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            batch.Run(default);
            allocated[round] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        foreach (RecordingItem item in items)
            item.Dispose();
        Assert.That(allocated[5..], Has.All.EqualTo(0));
    }

    // Texts that grow, fall back and grow again, in batches whose members come and go.
    private static async Task HoldAsync(PackedDecoder model, int[] batches, int longest)
    {
        await MakeAsync(model, batches);
        var random = new Random(11);
        int most = batches.Max();
        RecordingItem[] packed = [.. Enumerable.Range(0, most).Select(_ => new RecordingItem(model))];
        RecordingItem[] alone = [.. Enumerable.Range(0, most).Select(_ => new RecordingItem(model))];
        int[][] texts = new int[most][];
        Array.Fill(texts, []);
        int room = Math.Min(longest, model.Decoder.Folder.ContextLength - 1);
        var together = new RunBatch(model);
        var apart = new RunBatch(null);
        foreach (int count in batches.Concat(batches))
        {
            int[] members = [.. Enumerable.Range(0, most).OrderBy(_ => random.Next()).Take(count)];
            foreach (int i in members)
            {
                int kept = texts[i].Length == 0 ? 0 : random.Next(Math.Max(0, texts[i].Length - 6), texts[i].Length + 1);
                int added = random.Next(3) == 0 ? random.Next(1, longest) : random.Next(1, 9);
                int[] tail = Text(added, random.Next(1000), model.Decoder.Signature.VocabularySize);
                texts[i] = [.. texts[i].Take(kept).Concat(tail).Take(room)];
                int wanted = random.Next(0, Math.Min(texts[i].Length, 8) + 1);
                together.Add(packed[i].For(texts[i], wanted));
                apart.Add(alone[i].For(texts[i], wanted));
            }

            together.Run(default);
            apart.Run(default);
            foreach (int i in members)
            {
                Assert.That(packed[i].Fault, Is.Null);
                Assert.That(packed[i].Rows, Is.EqualTo(alone[i].Rows), $"request {i} of {count}");
            }
        }

        foreach (RecordingItem item in packed.Concat(alone))
            item.Dispose();
    }

    private static async Task MakeAsync(PackedDecoder model, params int[] requests)
    {
        foreach (int count in requests.Where(count => count > 1))
        {
            model.Sessions!.For(count);
            await model.Sessions.Settled.WaitAsync(Patience);
            Assert.That(model.Sessions.For(count)?.Slots, Is.GreaterThanOrEqualTo(Math.Min(count, PackedSession.MaxSlots)), "the probe passed");
        }
    }

    private static List<byte[]> Alone(PackedDecoder model, int[] text, int wanted)
    {
        using var item = new RecordingItem(model);
        var batch = new RunBatch(null);
        batch.Add(item.For(text, wanted));
        batch.Run(default);
        return item.Rows;
    }

    private static int[] Text(int length, int seed, int vocabulary)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(0, vocabulary))];
    }
}
