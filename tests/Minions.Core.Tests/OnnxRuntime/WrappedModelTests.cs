using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Sampling;
using Minions.Core.Speculation;
using Minions.Core.Tests.Pipeline;
using Minions.Core.Verification;

namespace Minions.Core.Tests.OnnxRuntime;

/// <summary>A wrapped model behaves in a pipeline as the model would.</summary>
internal sealed class WrappedModelTests
{
    private static readonly int[] Prompt = [40, 41, 42, 43];

    private OnnxTargetVerifier _target = null!;
    private OnnxDraftModel _draft = null!;

    [OneTimeSetUp]
    public async Task LoadAsync()
    {
        _target = await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = Path.Combine(RepositoryFiles.Family, "target"), Provider = ExecutionProvider.Cpu });
        _draft = await OnnxDraftModel.LoadAsync(new OnnxModelOptions { Folder = Path.Combine(RepositoryFiles.Family, "draft-tales"), Provider = ExecutionProvider.Cpu });
    }

    [OneTimeTearDown]
    public void Free()
    {
        _draft.Dispose();
        _target.Dispose();
    }

    [Test]
    public async Task Texts_end_at_the_targets_end_token_however_it_comes_into_the_pipeline([Values("bare", "wrapped", "UseTarget")] string way)
    {
        var services = new ServiceCollection();
        services.AddMinions().UseTarget(_ => new LoggingTarget(_target)).UseTokenizer(_ => new LetterTokenizer());
        await using ServiceProvider provider = services.BuildServiceProvider();
        ITargetVerifier target = way == "bare" ? _target : new LoggingTarget(_target);
        await using SpeculativePipeline pipeline = way == "UseTarget"
            ? provider.GetRequiredService<SpeculativePipeline>()
            : new SpeculativePipeline(new PipelineComponents { Target = target, LeaveOpen = true });

        Assert.That((await EndAsync(pipeline)).FinishReason, Is.EqualTo(FinishReason.EndToken));
    }

    [Test]
    public async Task End_tokens_that_are_given_stand_in_place_of_the_targets()
    {
        await using var none = new SpeculativePipeline(new PipelineComponents { Target = _target, EndTokens = [], LeaveOpen = true });
        Assert.That((await EndAsync(none)).FinishReason, Is.EqualTo(FinishReason.Length));
    }

    [Test]
    public void Wrapped_models_share_runs_on_the_threads_that_unwrapped_ones_do()
    {
        GenerationResult[] expected = Run(_target, _draft);
        var target = new LoggingTarget(_target);
        var draft = new LoggingDraft(_draft);
        GenerationResult[] results = Run(target, draft);

        Assert.That(results.Select(result => result.TokenIds), Is.EqualTo(expected.Select(result => result.TokenIds)));
        Assert.That(results.Select(result => result.Statistics.Rounds), Is.EqualTo(expected.Select(result => result.Statistics.Rounds)));
        Assert.That((target.Batches.Max(), draft.Batches.Max()), Is.EqualTo((4, 4)));
        Assert.That(draft.Threads.Distinct(), Is.EqualTo(new[] { Environment.CurrentManagedThreadId }), "no thread of its own");
    }

    [Test]
    public void Wrapped_models_are_asked_ahead_as_unwrapped_ones_are()
    {
        int PreDraft(IDraftModel draft)
        {
            using SteppedEngine engine = Engine(_target, draft);
            GenerationResult result = engine.Run(Prompt, new GenerationOptions { MaxOutputTokens = 24 }, () => 3);
            return result.Statistics.PreDraftedRounds + result.Statistics.WastedPreDraftRounds;
        }

        Assert.That(PreDraft(new LoggingDraft(_draft)), Is.EqualTo(PreDraft(_draft)).And.Positive);
    }

    [Test]
    public void Cancellation_reaches_a_wrapped_model()
    {
        Assert.That(Fault(new LoggingTarget(_target)), Is.InstanceOf<OperationCanceledException>());
        Assert.That(Fault(_target), Is.InstanceOf<OperationCanceledException>());

        static Exception? Fault(ITargetVerifier target)
        {
            var options = new SequenceOptions();
            using ITargetSequence sequence = target.OpenSequence(options);
            var request = new VerificationRequest(sequence, options);
            request.Prepare(Enumerable.Range(3, 200).ToArray(), 1);
            target.Verify([request], new CancellationToken(canceled: true));
            return request.Fault;
        }
    }

    [Test]
    public void A_batch_with_a_sequence_of_another_model_leaves_nothing_behind()
    {
        using IDraftSequence own = _draft.OpenSequence(new SequenceOptions());
        var good = new DraftRequest(own);
        good.Prepare(Prompt, 2);
        Assert.That(() => _draft.Propose([good, new DraftRequest(new Foreign())], default), Throws.TypeOf<InvalidCastException>());
        Assert.That((_draft.Use.Rented, good.Fault, good.Proposal.Count), Is.EqualTo((0, (Exception?)null, 0)));

        var options = new SequenceOptions();
        using ITargetSequence ownOfTarget = _target.OpenSequence(options);
        var sound = new VerificationRequest(ownOfTarget, options);
        sound.Prepare(Prompt, 1);
        Assert.That(() => _target.Verify([sound, new VerificationRequest(new Foreign(), options)], default), Throws.TypeOf<InvalidCastException>());
        Assert.That((_target.Use.Rented, sound.ChoiceCount), Is.EqualTo((0, 0)));

        // What was readied for the batch is not run with the next one.
        using IDraftSequence next = _draft.OpenSequence(new SequenceOptions());
        var later = new DraftRequest(next);
        later.Prepare(Prompt, 2);
        _draft.Propose([later], default);
        Assert.That((later.Proposal.Count, good.Proposal.Count), Is.EqualTo((2, 0)));
    }

    // The bias makes the end token the only choice.
    private static Task<GenerationResult> EndAsync(SpeculativePipeline pipeline) => pipeline.GenerateAsync(
        Prompt, new GenerationOptions { MaxOutputTokens = 4, Sampling = new SamplingOptions { LogitBias = new Dictionary<int, float> { [0] = 1e6f } } });

    private static GenerationResult[] Run(ITargetVerifier target, IDraftModel draft)
    {
        using SteppedEngine engine = Engine(target, draft);
        Task<GenerationResult>[] calls = [.. Enumerable.Range(0, 4).Select(i => engine.Submit([.. Prompt, 50 + i], new GenerationOptions { MaxOutputTokens = 12 }))];
        while (engine.Step())
        {
        }

        return [.. calls.Select(call => call.WaitAsync(TimeSpan.FromMinutes(1)).GetAwaiter().GetResult())];
    }

    private static SteppedEngine Engine(ITargetVerifier target, IDraftModel draft) => new(
        new PipelineComponents { Target = target, Drafts = [draft], EndTokens = [], LengthController = new FixedSpeculationLength(3), LeaveOpen = true },
        new PipelineOptions { Speculation = { DraftSelection = DraftSelection.All }, PreDraft = true, OverlapDrafting = true, PrefixCacheSize = 0 },
        new FakeTimeProvider(),
        TimeSpan.FromSeconds(5));

    private sealed class LoggingTarget(ITargetVerifier inner) : DelegatingTargetVerifier(inner, leaveOpen: true)
    {
        public List<int> Batches { get; } = [];

        public override void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
        {
            Batches.Add(batch.Length);
            base.Verify(batch, cancellationToken);
        }
    }

    private sealed class LoggingDraft(IDraftModel inner) : DelegatingDraftModel(inner, leaveOpen: true)
    {
        public List<int> Batches { get; } = [];

        public List<int> Threads { get; } = [];

        public override void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
        {
            Batches.Add(batch.Length);
            Threads.Add(Environment.CurrentManagedThreadId);
            base.Propose(batch, cancellationToken);
        }
    }

    private sealed class Foreign : IDraftSequence, ITargetSequence
    {
        public void Dispose()
        {
        }
    }
}
