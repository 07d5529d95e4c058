using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Sampling;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime;

/// <summary>A draft that takes a text in tells which of its ids it would have chosen: those it does choose when asked there.</summary>
public sealed class DraftScoringTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly int[] Rests = [1, 2, 5, 40, 200];

    private static readonly string[] Folders =
    [
        Path.Combine(RepositoryFiles.Family, "draft-tales"),
        Path.Combine(RepositoryFiles.SmolLm2, "draft-stories"),
        Path.Combine(RepositoryFiles.Tiny, "llama-int4"),
    ];

    private static readonly SyntheticOptions[] Graphs =
    [
        new(),
        new() { LogitsElement = OnnxElement.Float16 },
        new() { GroupQuery = true },
    ];

    [Test]
    public async Task Scores_are_the_choices_that_the_draft_makes_at_each_place([ValueSource(nameof(Folders))] string folder, [Values] bool seeded)
    {
        using OnnxDraftModel draft = await LoadAsync(folder);
        await HoldAsync(draft, seeded, start: 30, idRange: 1000, leastAgreements: 30);
    }

    [Test]
    public async Task Small_graphs_of_every_build_score_alike([ValueSource(nameof(Graphs))] object graph, [Values] bool seeded)
    {
        using var folder = SyntheticFolder.Create((SyntheticOptions)graph);
        using OnnxDraftModel draft = await LoadAsync(folder.Path);
        await HoldAsync(draft, seeded, start: 10, SyntheticOptions.Vocabulary, leastAgreements: 10);
    }

    [Test]
    public async Task Requests_in_one_run_are_scored_each_by_its_own_text([Values] bool seeded)
    {
        using OnnxDraftModel draft = await LoadAsync(Folders[0]);
        int[][] texts = [.. Rests.Select((rest, i) => Text(draft, seeded, 20 + 7 * i + rest, 1000, seed: i))];
        Scores[] alone = [.. texts.Select((text, i) => Alone(draft, seeded, text, 20 + 7 * i))];
        for (int round = 0; round < 2; round++)
        {
            DraftRequest[] together = [.. texts.Select(_ => Open(draft, seeded))];
            for (int i = 0; i < together.Length; i++)
                together[i].Prepare(texts[i].AsMemory(0, 20 + 7 * i), 2);
            draft.Propose(together, default);
            for (int i = 0; i < together.Length; i++)
                together[i].Prepare(texts[i], 2, tokensToScore: 64);
            draft.Propose(together, default);
            await draft.SessionsSettled.WaitAsync(Patience);

            Assert.That(together.Select(request => request.Fault), Has.All.Null);
            for (int i = 0; i < together.Length; i++)
            {
                Assert.That(together[i].ScoredTokens, Is.EqualTo(alone[i].Tokens), $"request {i}");
                Assert.That(together[i].ScoredAgreements, Is.EqualTo(alone[i].Agreements), $"request {i}");
                together[i].Sequence.Dispose();
            }
        }
    }

    [Test]
    public async Task An_id_that_the_draft_chose_itself_it_scores_as_its_own()
    {
        using OnnxDraftModel draft = await LoadAsync(Folders[1]);
        int[] prompt = [.. Enumerable.Range(0, 60).Select(i => 40 + i * 7 % 300)];
        DraftRequest writer = Open(draft, seeded: false);
        writer.Prepare(prompt, 24);
        draft.Propose([writer], default);
        int[] text = [.. prompt, .. writer.Proposal.Tokens];

        DraftRequest reader = Open(draft, seeded: false);
        reader.Prepare(text, 1, tokensToScore: 24);
        draft.Propose([reader], default);
        Assert.That((reader.ScoredTokens, reader.ScoredAgreements), Is.EqualTo((24, (1UL << 24) - 1)));
        writer.Sequence.Dispose();
        reader.Sequence.Dispose();
    }

    [Test]
    public async Task What_the_sequence_holds_is_not_run_again_to_be_scored()
    {
        using OnnxDraftModel draft = await LoadAsync(Folders[0]);
        int[] text = Text(draft, seeded: false, 60, 1000, seed: 1);
        DraftRequest request = Open(draft, seeded: false);
        request.Prepare(text, 1);
        draft.Propose([request], default);
        request.Prepare(text, 1, tokensToScore: 64);
        draft.Propose([request], default);
        Assert.That((request.ScoredTokens, request.Proposal.Count), Is.EqualTo((0, 1)));
        request.Sequence.Dispose();
    }

    [Test]
    public async Task A_text_that_is_only_scored_is_run_but_for_its_last_id([Values(2, 40, 150)] int length)
    {
        using OnnxDraftModel draft = await LoadAsync(Folders[0]);
        int[] text = Text(draft, seeded: false, length, 1000, seed: 1);
        DraftRequest scored = Open(draft, seeded: false), proposing = Open(draft, seeded: false);
        scored.Prepare(text, 0, tokensToScore: 64);
        draft.Propose([scored], default);
        proposing.Prepare(text, 1, tokensToScore: 64);
        draft.Propose([proposing], default);
        Assert.That((scored.ScoredTokens, scored.Proposal.Count), Is.EqualTo((Math.Min(64, length - 1), 0)));
        Assert.That(scored.ScoredAgreements, Is.EqualTo(proposing.ScoredAgreements));

        scored.Prepare(text, 0, tokensToScore: 64);
        draft.Propose([scored], default);
        Assert.That(scored.ScoredTokens, Is.Zero, "all of it is held now");
        scored.Sequence.Dispose();
        proposing.Sequence.Dispose();
    }

    [Test]
    public async Task A_wide_head_scores_as_many_ids_as_its_logits_may_be_kept()
    {
        using OnnxDraftModel draft = await LoadAsync(Path.Combine(RepositoryFiles.SmolLm2, "target"));
        DraftRequest request = Open(draft, seeded: false);
        request.Prepare(Enumerable.Range(100, 50).ToArray(), 0, tokensToScore: 64);
        draft.Propose([request], default);
        Assert.That(request.ScoredTokens, Is.EqualTo((1 << 20) / 49152));
        request.Sequence.Dispose();
    }

    [Test]
    public async Task Scoring_allocates_nothing_in_a_steady_round([Values] bool seeded)
    {
        using OnnxDraftModel draft = await LoadAsync(Folders[0]);
        int[] text = Text(draft, seeded, 200, 1000, seed: 3);
        DraftRequest request = Open(draft, seeded, expectedLength: 256);
        long[] allocated = new long[20];
        int scored = 0;
        for (int round = 0; round < allocated.Length; round++)
        {
            // Forth, and back again: the same widths come again and again.
            ReadOnlyMemory<int> context = text.AsMemory(0, 100 + 4 * (round % 2));
            request.Prepare(context, 3, tokensToScore: 64);
            long before = GC.GetAllocatedBytesForCurrentThread();
            draft.Propose([request], default);
            allocated[round] = GC.GetAllocatedBytesForCurrentThread() - before;
            scored += request.ScoredTokens;
        }

        Assert.That(request.Fault, Is.Null);
        Assert.That(scored, Is.GreaterThanOrEqualTo(10));
        Assert.That(allocated[6..], Has.All.Zero);
        request.Sequence.Dispose();
    }

    // Texts that grow by each of the rests, fall back and grow again.
    private static async Task HoldAsync(OnnxDraftModel draft, bool seeded, int start, int idRange, int leastAgreements)
    {
        int agreements = 0;
        foreach (int rest in Rests.Where(rest => start + rest < draft.ContextLength - 3))
        {
            int[] text = Text(draft, seeded, start + rest, idRange, seed: rest);
            DraftRequest scoring = Open(draft, seeded), silent = Open(draft, seeded);
            foreach (int held in (int[])[start, start / 2, start + rest - 1])
            {
                int[] run = Propose(draft, [scoring, silent], text[..held], toScore: 0);
                int known = Math.Min(run.AsSpan().CommonPrefixLength(text), text.Length - 1);
                Propose(draft, [scoring, silent], text, toScore: DraftRequest.MaxTokensToScore);

                Assert.That(silent.ScoredTokens, Is.Zero);
                Assert.That(scoring.ScoredTokens, Is.LessThanOrEqualTo(DraftRequest.MaxTokensToScore).And.EqualTo(Math.Min(DraftRequest.MaxTokensToScore, text.Length - 1 - known)), $"{rest} behind {held}");
                Assert.That(scoring.Proposal.Tokens.ToArray(), Is.EqualTo(silent.Proposal.Tokens.ToArray()));
                Assert.That(scoring.Proposal.Probabilities.ToArray(), Is.EqualTo(silent.Proposal.Probabilities.ToArray()), "to the last bit");
                for (int i = 0; i < scoring.ScoredTokens; i++)
                {
                    int place = text.Length - scoring.ScoredTokens + i;
                    bool agreed = (scoring.ScoredAgreements >> i & 1) != 0;
                    Assert.That(agreed, Is.EqualTo(ChoiceAt(draft, seeded, text, place) == text[place]), $"place {place} of {text.Length}, {rest} behind {held}");
                    agreements += agreed ? 1 : 0;
                }
            }

            scoring.Sequence.Dispose();
            silent.Sequence.Dispose();
        }

        Assert.That(agreements, Is.GreaterThanOrEqualTo(leastAgreements), "texts in which drafts agree and disagree");
        await draft.SessionsSettled.WaitAsync(Patience);
    }

    // Answers what the sequences hold afterwards: the last id proposed was not run.
    private static int[] Propose(OnnxDraftModel draft, DraftRequest[] requests, int[] text, int toScore)
    {
        foreach (DraftRequest request in requests)
        {
            request.Prepare(text, 3, tokensToScore: request == requests[0] ? toScore : 0);
            draft.Propose([request], default);
            Assert.That(request.Fault, Is.Null);
        }

        return [.. text, .. requests[0].Proposal.Tokens[..^1]];
    }

    private static int ChoiceAt(OnnxDraftModel draft, bool seeded, int[] text, int place)
    {
        DraftRequest request = Open(draft, seeded);
        request.Prepare(text.AsMemory(0, place), 1);
        draft.Propose([request], default);
        request.Sequence.Dispose();
        return request.Proposal.Tokens[0];
    }

    private static Scores Alone(OnnxDraftModel draft, bool seeded, int[] text, int held)
    {
        DraftRequest request = Open(draft, seeded);
        request.Prepare(text.AsMemory(0, held), 2);
        draft.Propose([request], default);
        request.Prepare(text, 2, tokensToScore: 64);
        draft.Propose([request], default);
        request.Sequence.Dispose();
        return new Scores(request.ScoredTokens, request.ScoredAgreements);
    }

    /// <summary>Ids of which the draft chose most itself; every fourth is another.</summary>
    private static int[] Text(OnnxDraftModel draft, bool seeded, int length, int idRange, int seed)
    {
        var random = new Random(seed);
        var text = new List<int> { random.Next(3, idRange) };
        DraftRequest request = Open(draft, seeded);
        while (text.Count < length)
        {
            request.Prepare(text.ToArray(), 3);
            draft.Propose([request], default);
            text.AddRange(request.Proposal.Tokens);
            text.Add(random.Next(3, idRange));
        }

        request.Sequence.Dispose();
        return [.. text.Take(length)];
    }

    private static DraftRequest Open(OnnxDraftModel draft, bool seeded, int expectedLength = 0) => new(draft.OpenSequence(new SequenceOptions
    {
        Selector = seeded ? TokenSelector.Create(new SamplingOptions { Temperature = 0.8, TopP = 0.9, Seed = 7 }, promptLength: 2) : TokenSelector.Greedy,
        ExpectedLength = expectedLength,
    }));

    private static Task<OnnxDraftModel> LoadAsync(string folder) =>
        OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = folder, Provider = ExecutionProvider.Cpu });

    private readonly record struct Scores(int Tokens, ulong Agreements);
}
