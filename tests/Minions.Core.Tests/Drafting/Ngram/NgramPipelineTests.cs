using CsCheck;
using Minions.Core.Drafting;
using Minions.Core.Drafting.Ngram;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.EndToEnd;
using Minions.Core.Tests.Pipeline;
using Minions.Core.Tests.Speculation;

namespace Minions.Core.Tests.Drafting.Ngram;

internal sealed class NgramPipelineTests
{
    [Test]
    public void Text_is_the_targets_own_beside_other_drafts_and_alone() => Gen.Select(
        Gen.Int[0, Tables.Vocabulary - 1].Array[1, 12], Gen.Int[0, 8], Gen.Int[0, 2], Gen.Int[1, 60], Gen.Bool).Sample(
        (prompt, length, others, most, hasPool) =>
        {
            var target = new TabularTarget(Tables.Scrambled);
            using var ngram = new NgramDraft(new NgramDraftOptions { MinMatchLength = 1, PoolCapacity = hasPool ? 256 : 0 });
            using SteppedEngine engine = Engine(target, length, [ngram, .. Enumerable.Range(0, others).Select(i => new TabularDraft($"d{i}", Tables.MostlyRight(50, i)))]);
            for (int repeat = 0; repeat < 2; repeat++)
                Assert.That(engine.Run(prompt, new GenerationOptions { MaxOutputTokens = most }).TokenIds, Is.EqualTo(target.Decode(prompt, most)));
        },
        iter: 500);

    [Test]
    public void A_periodic_text_is_accepted_whole()
    {
        var target = new TabularTarget(prefix => prefix.Length % 7);
        using var ngram = new NgramDraft();
        using SteppedEngine engine = Engine(target, 4, [ngram]);

        GenerationResult result = engine.Run([.. Enumerable.Range(0, 14).Select(i => i % 7)], new GenerationOptions { MaxOutputTokens = 41 });

        Assert.That(result.Statistics.AcceptanceRate, Is.EqualTo(1));
        Assert.That(result.Statistics.TokensPerRound, Is.EqualTo(5));
    }

    [Test]
    public void Proposing_allocates_nothing_when_the_length_is_expected()
    {
        using var ngram = new NgramDraft(new NgramDraftOptions { PoolCapacity = 4096 });
        int[] ids = [.. Enumerable.Range(0, 600).Select(i => i * i % 61)];
        ReadOnlyMemory<int>[] references = [ids.AsMemory(200, 100), ids.AsMemory(0, 50)];
        using (IDraftSequence earlier = ngram.OpenSequence(new SequenceOptions()))
        {
            var request = new DraftRequest(earlier);
            Propose(request, 10);
            Propose(request, 300);
        }

        Assert.That(ngram.Pool!.Count, Is.GreaterThan(0));

        using IDraftSequence sequence = ngram.OpenSequence(new SequenceOptions { ExpectedLength = ids.Length, References = references });
        var round = new DraftRequest(sequence);
        Propose(round, 10);
        int proposed = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int length = 11; length < ids.Length - 1; length += 2)
            proposed += Propose(round, length);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(allocated, Is.Zero);
        Assert.That(proposed, Is.GreaterThan(0));

        int Propose(DraftRequest request, int length)
        {
            request.Prepare(ids.AsMemory(0, length), 8);
            ngram.Propose([request], CancellationToken.None);
            int before = request.Proposal.Count;
            request.Prepare(ids.AsMemory(0, length + 1), 8, supposedTokens: 1);
            ngram.Propose([request], CancellationToken.None);
            return before + request.Proposal.Count;
        }
    }

    [Test]
    public async Task A_round_of_a_pipeline_with_it_allocates_nothing([Values(3, 5)] int longestChain)
    {
        using ModelSet models = await ModelSet.FamilyAsync();
        using var ngram = new NgramDraft();
        using var engine = new SteppedEngine(new PipelineComponents
        {
            Target = models.Target,
            Drafts = [models.Drafts[0], ngram],
            LengthController = new ScriptedController { Next = new SpeculationPlan(3) { MaxChainLength = longestChain } },
            LeaveOpen = true,
        });
        Task<GenerationResult> run = engine.Submit(
            models.Tokenizer.Encode(ModelSet.Prompts(RepositoryFiles.FamilyPrompts, 1)[0]), new GenerationOptions { MaxOutputTokens = 300 });

        // As long as widths occur for the first time, bindings are made for them (over 1 KB each).
        for (int step = 0; step < 60; step++)
            engine.Step();
        long[] allocated = new long[20];
        for (int round = 0; round < allocated.Length; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            engine.Step();
            allocated[round] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(run.IsCompleted, Is.False);
        Assert.That(allocated, Has.All.Matches<long>(bytes => bytes is 0 or > 1000));
        Assert.That(allocated.Count(bytes => bytes == 0), Is.GreaterThanOrEqualTo(allocated.Length - 3));
        while (engine.Step())
        {
        }

        GenerationResult result = await run;
        Assert.That(result.TokenIds, Has.Count.EqualTo(300));
        Assert.That(result.Statistics.Drafts[1].ContinuedTokens, longestChain > 3 ? Is.Positive : Is.Zero);
    }

    [Test]
    public async Task Real_texts_stay_the_same_and_repetitions_are_accepted()
    {
        using ModelSet models = await ModelSet.FamilyAsync();
        using var ngram = new NgramDraft();
        using var steady = new SteppedEngine(Compose([]));
        using var alone = new SteppedEngine(Compose([ngram]));
        using var beside = new SteppedEngine(Compose([models.Drafts[0], ngram]));
        foreach (string text in ModelSet.Prompts(RepositoryFiles.FamilyPrompts, 2))
        {
            IReadOnlyList<int> prompt = models.Tokenizer.Encode(text);
            var options = new GenerationOptions { MaxOutputTokens = 96 };
            GenerationResult own = steady.Run(prompt, options);
            GenerationResult guessed = alone.Run(prompt, options);

            Assert.That(guessed.TokenIds, Is.EqualTo(own.TokenIds), text);
            Assert.That(beside.Run(prompt, options).TokenIds, Is.EqualTo(own.TokenIds), text);
            Assert.That(guessed.Statistics.AcceptedTokens, Is.GreaterThan(0), text);
        }

        PipelineComponents Compose(IReadOnlyList<IDraftModel> drafts) => new()
        {
            Target = models.Target,
            Drafts = drafts,
            LengthController = new FixedSpeculationLength(3),
            LeaveOpen = true,
        };
    }

    private static SteppedEngine Engine(TabularTarget target, int length, IReadOnlyList<IDraftModel> drafts) => new(new PipelineComponents
    {
        Target = target,
        Drafts = drafts,
        LengthController = new FixedSpeculationLength(length),
        LeaveOpen = true,
    });
}
