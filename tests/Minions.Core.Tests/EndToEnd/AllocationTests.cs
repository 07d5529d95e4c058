using System.Diagnostics.Metrics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Sampling;
using Minions.Core.Speculation;
using Minions.Core.Tests.Pipeline;

namespace Minions.Core.Tests.EndToEnd;

public class AllocationTests
{
    private static readonly SamplingOptions[] Samplings =
    [
        SamplingOptions.Greedy,
        new() { Temperature = 0.8, Seed = 1, TopK = 100, TopP = 0.95, MinP = 0.01, RepetitionPenalty = 1.1, FrequencyPenalty = 0.1 },
    ];

    private static IEnumerable<TestCaseData> Cases =>
        from panel in Enum.GetValues<DraftSelection>()
        from sampling in Samplings
        from ahead in new[] { false, true }
        select new TestCaseData(panel, sampling, ahead).SetArgDisplayNames($"{panel}", sampling.Temperature > 0 ? "sampled" : "greedy", ahead ? "ahead" : "in turn");

    [Test]
    public async Task A_round_without_a_chain_allocates_nothing_for_its_guess()
    {
        using ModelSet models = await ModelSet.FamilyAsync();
        PipelineComponents composed = models.Compose(drafts: 1, length: 0);
        using var engine = new SteppedEngine(new PipelineComponents { Target = composed.Target, Drafts = composed.Drafts, LengthController = composed.LengthController, LeaveOpen = true });
        IReadOnlyList<int> prompt = models.Tokenizer.Encode(ModelSet.Prompts(RepositoryFiles.FamilyPrompts, 1)[0]);
        Task<GenerationResult> run = engine.Submit(prompt, new GenerationOptions { MaxOutputTokens = 300 });

        for (int step = 0; step < 30; step++)
            Assert.That(engine.Step(), Is.True);

        long[] allocated = new long[40];
        for (int round = 0; round < allocated.Length; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool worked = engine.Step();
            allocated[round] = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(worked, Is.True);
        }

        Assert.That(allocated, Has.All.Zero, $"bytes of each round: {string.Join(' ', allocated)}");
        while (engine.Step())
        {
        }

        Assert.That((await run).Statistics.NgramTokens, Is.Positive);
    }

    [Test]
    public async Task A_round_that_is_measured_allocates_nothing_either()
    {
        using var meters = new SummedMeters();
        using ModelSet models = await ModelSet.FamilyAsync();
        PipelineComponents composed = models.Compose(drafts: 3, length: 3);
        using var engine = new SteppedEngine(
            new PipelineComponents { Target = composed.Target, Drafts = composed.Drafts, LengthController = composed.LengthController, LeaveOpen = true }, meters: meters);
        IReadOnlyList<int> prompt = models.Tokenizer.Encode(ModelSet.Prompts(RepositoryFiles.FamilyPrompts, 1)[0]);
        Task<GenerationResult> run = engine.Submit(prompt, new GenerationOptions { MaxOutputTokens = 300 });
        for (int step = 0; step < 60; step++)
            Assert.That(engine.Step(), Is.True);

        double before = meters.Sum;
        long[] allocated = new long[30];
        for (int round = 0; round < allocated.Length; round++)
        {
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            engine.Step();
            allocated[round] = GC.GetAllocatedBytesForCurrentThread() - bytes;
        }

        string all = $"bytes of each round: {string.Join(' ', allocated)}";
        Assert.That(allocated, Has.All.Matches<long>(bytes => bytes is 0 or > 1000), all);
        Assert.That(allocated.Count(bytes => bytes == 0), Is.GreaterThanOrEqualTo(allocated.Length - 3), all);
        Assert.That(meters.Sum, Is.GreaterThan(before + 60), "rounds and their lengths at least");
        while (engine.Step())
        {
        }

        await run;
    }

    [Test]
    public void A_request_that_nobody_listens_to_makes_nothing_to_report_with()
    {
        using var engine = new SteppedEngine(new PipelineComponents { Target = Counting.Target() });
        GenerationOptions options = new() { MaxOutputTokens = 1, Speculate = false };
        for (int i = 0; i < 3; i++)
            engine.Run([1], options);

        using var meters = new SummedMeters();
        using var heard = new SteppedEngine(new PipelineComponents { Target = Counting.Target() }, meters: meters);
        for (int i = 0; i < 3; i++)
            heard.Run([1], options);

        Assert.That(BytesOf(engine) + 200, Is.LessThan(BytesOf(heard)), "what the other allocates to report with is not there");

        // What a call allocates until it waits, which is on this thread.
        long BytesOf(SteppedEngine one)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Task<GenerationResult> run = one.Submit([1], options);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            while (one.Step())
            {
            }

            run.GetAwaiter().GetResult();
            return bytes;
        }
    }

    [TestCaseSource(nameof(Cases))]
    public async Task A_round_allocates_nothing(DraftSelection panel, SamplingOptions sampling, bool draftAhead)
    {
        using ModelSet models = await ModelSet.FamilyAsync();

        // Which draft is worth its time is a matter of the clock. Behind one accepted id each of them often guesses the next; behind two, one never does.
        PipelineComponents composed = models.Compose(drafts: 3, length: draftAhead ? 1 : 3);

        // Ids only: text and delivery are not part of the round. One draft runs at least.
        using var engine = new SteppedEngine(new PipelineComponents
        {
            Target = composed.Target,
            Drafts = composed.Drafts,
            LengthController = composed.LengthController,
            LeaveOpen = true,
        }, new PipelineOptions { Speculation = { DraftSelection = panel, MinLength = 1 }, PreDraft = draftAhead });
        IReadOnlyList<int> prompt = models.Tokenizer.Encode(ModelSet.Prompts(RepositoryFiles.FamilyPrompts, 1)[0]);
        Task<GenerationResult> run = engine.Submit(prompt, new GenerationOptions { MaxOutputTokens = 300, Sampling = sampling });

        // A binding is made for each width and number of rows read when it first occurs (over 1 KB); every other round must be free.
        for (int step = 0; step < 60; step++)
            Assert.That(engine.Step(), Is.True);
        long[] allocated = new long[30];
        for (int round = 0; round < allocated.Length; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool worked = Step();
            allocated[round] = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(worked, Is.True);
        }

        string all = $"bytes of each round: {string.Join(' ', allocated)}";
        Assert.That(allocated, Has.All.Matches<long>(bytes => bytes is 0 or > 1000), all);
        Assert.That(allocated.Count(bytes => bytes == 0), Is.GreaterThanOrEqualTo(allocated.Length - 3), all);
        while (Step())
        {
        }

        GenerationResult result = await run;
        Assert.That(result.TokenIds, Has.Count.EqualTo(300));
        Assert.That(result.Statistics.PreDraftedRounds, draftAhead ? Is.Positive : Is.Zero);

        bool Step()
        {
            bool worked = engine.Step();
            for (int step = 0; draftAhead && step < 4; step++)
                engine.Step(0);
            return worked;
        }
    }

    /// <summary>Adds up whatever is measured, without keeping it.</summary>
    private sealed class SummedMeters : IMeterFactory
    {
        private readonly MeterListener _listener = new();

        public SummedMeters()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, this))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Sum += value);
            _listener.SetMeasurementEventCallback<int>((_, value, _, _) => Sum += value);
            _listener.SetMeasurementEventCallback<double>((_, value, _, _) => Sum += value);
            _listener.Start();
        }

        public double Sum { get; private set; }

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            return new Meter(options);
        }

        public void Dispose() => _listener.Dispose();
    }
}
