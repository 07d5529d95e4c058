using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.GenAI.Tests.EndToEnd;

/// <summary>Graphs of unusual forms: on each, rejected guesses change nothing, and the text is that of the library's own target where that runs it.</summary>
internal sealed class GraphTests
{
    private static readonly int[] Prompt = [3, 9, 27, 1, 14, 8, 30, 5, 2, 11, 19, 4];

    private static readonly SyntheticOptions GroupQuery = new() { GroupQuery = true, ContextLength = 96 };

    private static readonly TestCaseData[] Graphs =
    [
        new TestCaseData(GroupQuery).SetArgDisplayNames("group query"),
        new TestCaseData(new SyntheticOptions { ContextLength = 96 }).SetArgDisplayNames("caches handed on"),
        new TestCaseData(GroupQuery with { LogitsElement = OnnxElement.Float16 }).SetArgDisplayNames("half logits"),
        new TestCaseData(GroupQuery with { UnevenLayers = true }).SetArgDisplayNames("uneven layers"),
        new TestCaseData(GroupQuery with { Window = 8 }).SetArgDisplayNames("window"),
        new TestCaseData(GroupQuery with { Window = 8, SlidingCache = true }).SetArgDisplayNames("sliding cache"),
    ];

    [TestCaseSource(nameof(Graphs))]
    public async Task No_text_differs(SyntheticOptions graph)
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(graph);
        GenerationResult own = await GenerateAsync(await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder.Path }), wrongDraft: false);
        GenerationResult plain = await GenerateAsync(await LoadAsync(folder), wrongDraft: false);
        GenerationResult guessed = await GenerateAsync(await LoadAsync(folder), wrongDraft: true);

        Assert.That(plain.TokenIds, Has.Count.EqualTo(60));
        Assert.That(guessed.TokenIds, Is.EqualTo(plain.TokenIds));
        Assert.That(plain.TokenIds, Is.EqualTo(own.TokenIds));
    }

    [Test]
    public async Task Where_a_run_shows_its_last_row_alone_chains_are_checked_one_id_after_another()
    {
        using TemporaryFolder whole = GenAIFolders.Synthetic(GroupQuery);
        using TemporaryFolder last = GenAIFolders.Synthetic(GroupQuery with { LastRowOnly = true });
        var log = new LogLines<GenAITargetVerifier>();
        GenAITargetVerifier target = await GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = last.Path }, log);

        Assert.That(target.Exactness.IsGuaranteed);
        Assert.That(log.Written.Single(), Does.Contain("gives the logits of the last id of a run alone").And.Contain("no speed"));
        GenerationResult guessed = await GenerateAsync(target, wrongDraft: true);
        GenerationResult expected = await GenerateAsync(await LoadAsync(whole), wrongDraft: false);
        Assert.That(guessed.TokenIds, Is.EqualTo(expected.TokenIds));
        Assert.That(guessed.Statistics.AcceptedTokens, Is.GreaterThan(0));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_prompt_of_one_id_is_answered_the_same_with_and_without_guesses(bool lastRowOnly)
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(GroupQuery with { LastRowOnly = lastRowOnly });
        GenerationResult plain = await GenerateAsync(await LoadAsync(folder), wrongDraft: false, prompt: [7]);
        GenerationResult guessed = await GenerateAsync(await LoadAsync(folder), wrongDraft: true, prompt: [7]);

        Assert.That(guessed.TokenIds, Is.EqualTo(plain.TokenIds));
    }

    [Test]
    public async Task A_text_of_the_padding_id_alone_is_a_text_like_any_other()
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(GroupQuery);
        GenerationResult own = await GenerateAsync(await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = folder.Path }), wrongDraft: false, prompt: [0, 0, 0]);
        foreach (int length in new[] { 1, 3 })
        {
            GenerationResult plain = await GenerateAsync(await LoadAsync(folder), wrongDraft: false, prompt: new int[length]);
            GenerationResult guessed = await GenerateAsync(await LoadAsync(folder), wrongDraft: true, prompt: new int[length]);
            Assert.That(guessed.TokenIds, Is.EqualTo(plain.TokenIds));
            Assert.That(length == 3 ? plain.TokenIds : own.TokenIds, Is.EqualTo(own.TokenIds));
        }
    }

    [Test]
    public void No_run_leaves_attention_a_row_by_itself([Range(28, 40)] int length)
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(GroupQuery);
        using GenAITargetVerifier target = LoadAsync(folder).GetAwaiter().GetResult();
        int[] text = [.. Enumerable.Range(0, 48).Select(place => (place * 7) % SyntheticOptions.Vocabulary)];
        Assert.That(target.Exactness.IsGuaranteed);

        // The row behind the same ids, run at the end of the text and in the middle of a longer one.
        Assert.That(Row(target, text, length, length), Is.EqualTo(Row(target, text, length, 48)));
    }

    [Test]
    public async Task Operators_that_mix_rows_are_told_of_unseen()
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(GroupQuery with { DynamicQuantization = true });
        using GenAITargetVerifier target = await LoadAsync(folder);

        Assert.That(target.Exactness.ToString(), Does.Contain("DynamicQuantizeLinear"));
    }

    [Test]
    public void A_request_that_takes_single_rows_leaves_none_of_them_to_one_that_does_not()
    {
        using GenAITargetVerifier target = GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.SmolLm2Target }).GetAwaiter().GetResult();
        int[] text = [.. Enumerable.Range(0, 30).Select(place => 1000 + (place * 331))];
        float[] expected = Row(target, text, 20, 20);

        // A sequence that ran id by id, one row a run, is taken on by a request that wants identical bits.
        var fastest = new SequenceOptions { BitIdentical = false };
        using ITargetSequence sequence = target.OpenSequence(fastest);
        var single = new Verification.VerificationRequest(sequence, fastest);
        for (int length = 1; length < 20; length++)
        {
            single.Prepare(text.AsMemory(0, length), rowsWanted: 1);
            target.Verify([single], CancellationToken.None);
        }

        var rows = new RowCapture();
        var exact = new SequenceOptions { Selector = rows.Selector };
        ((IReusableSequence)sequence).Reopen(exact);
        var request = new Verification.VerificationRequest(sequence, exact);
        request.Prepare(text.AsMemory(0, 20), rowsWanted: 1);
        target.Verify([request], CancellationToken.None);
        Assert.That(rows.Last, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_model_whose_rotary_factors_change_with_the_length_takes_short_texts_only()
    {
        SyntheticOptions graph = GroupQuery with { ContextLength = 5000 };
        using TemporaryFolder folder = GenAIFolders.Synthetic(graph, type: "phi3");
        var log = new LogLines<GenAITargetVerifier>();
        using GenAITargetVerifier target = await GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = folder.Path }, log);

        Assert.That(target.ContextLength, Is.EqualTo(4096));
        Assert.That(log.Written.Single(), Does.Contain("up to 4096 ids").And.Contain("5000").And.Contain("UseTarget"));
    }

    [Test]
    public async Task What_a_folder_says_of_searching_changes_nothing()
    {
        using TemporaryFolder plain = GenAIFolders.Synthetic(GroupQuery);
        using TemporaryFolder beams = GenAIFolders.Synthetic(
            GroupQuery,
            change: text => text
                .Replace("\"search\":{", "\"search\":{\"num_beams\":4,\"num_return_sequences\":2,\"do_sample\":true,\"top_k\":40,\"chunk_size\":3,\"repetition_penalty\":1.5,", StringComparison.Ordinal)
                .Replace("\"search\":", "\"speculative\":{\"ngram_size\":3,\"ngram_chained_lookup\":true},\"search\":", StringComparison.Ordinal));

        Assert.That(
            (await GenerateAsync(await LoadAsync(beams), wrongDraft: true)).TokenIds,
            Is.EqualTo((await GenerateAsync(await LoadAsync(plain), wrongDraft: false)).TokenIds));
    }

    [Test]
    public async Task A_text_that_outgrows_what_was_expected_goes_on()
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(GroupQuery with { ContextLength = 1500 });
        using GenAITargetVerifier target = await LoadAsync(folder);
        using ITargetSequence sequence = target.OpenSequence(new SequenceOptions { ExpectedLength = 10 });
        var request = new Verification.VerificationRequest(sequence, new SequenceOptions());
        int[] text = [.. Enumerable.Range(0, 1400).Select(place => (place * 7) % SyntheticOptions.Vocabulary)];
        foreach (int length in new[] { 12, 280, 700, 1400, 33 })
        {
            request.Prepare(text.AsMemory(0, length), rowsWanted: 1);
            target.Verify([request], CancellationToken.None);
            Assert.That(request.Fault, Is.Null);
            Assert.That(request.ChoiceCount, Is.EqualTo(1));
        }
    }

    // The logits behind the first ids of a text, of which so many are run.
    private static float[] Row(GenAITargetVerifier target, int[] text, int behind, int run)
    {
        var rows = new RowCapture();
        var options = new SequenceOptions { Selector = rows.Selector };
        using ITargetSequence sequence = target.OpenSequence(options);
        var request = new Verification.VerificationRequest(sequence, options);
        request.Prepare(text.AsMemory(0, run), rowsWanted: run - behind + 1);
        target.Verify([request], CancellationToken.None);
        Assert.That(request.Fault, Is.Null);
        return rows.First;
    }

    private static Task<GenAITargetVerifier> LoadAsync(TemporaryFolder folder) => GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = folder.Path });

    private static async Task<GenerationResult> GenerateAsync(ITargetVerifier target, bool wrongDraft, int[]? prompt = null)
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = target,
            Drafts = wrongDraft ? [new TabularDraft("often wrong", prefix => prefix[^1] % 3 == 0 ? prefix[^2] : prefix[^1], contextLength: 5000)] : [],
            LengthController = new FixedSpeculationLength(5),
            EndTokens = [],
        });
        return await pipeline.GenerateAsync(prompt ?? Prompt, new GenerationOptions { MaxOutputTokens = 60 });
    }
}
