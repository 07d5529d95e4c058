using System.Diagnostics;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.GenAI.Tests.EndToEnd;

/// <summary>Generators end with their requests, whatever ends these, and take their memory with them.</summary>
internal sealed class LifetimeTests
{
    private GenAITargetVerifier _target = null!;
    private GenAIDraftModel _draft = null!;

    [OneTimeSetUp]
    public async Task Load()
    {
        _target = await GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.FamilyTarget });
        _draft = await GenAIDraftModel.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.Tales });
    }

    [OneTimeTearDown]
    public void Unload()
    {
        _draft.Dispose();
        _target.Dispose();
    }

    [TearDown]
    public void No_generator_is_left() => Assert.That((_target.OpenGenerators, _draft.OpenGenerators), Is.EqualTo((0, 0)));

    [Test]
    public async Task Generators_end_with_the_pipeline()
    {
        await using SpeculativePipeline pipeline = Open();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => pipeline.GenerateAsync("Once upon a time", new GenerationOptions { MaxOutputTokens = 12 })));
    }

    [Test]
    public async Task A_request_that_is_cancelled_takes_no_other_with_it()
    {
        await using SpeculativePipeline pipeline = Open();
        var options = new GenerationOptions { MaxOutputTokens = 100 };
        GenerationResult alone = await pipeline.GenerateAsync("The king", options);
        using var cancelled = new CancellationTokenSource();
        Task<GenerationResult> other = pipeline.GenerateAsync("The king", options);
        int tokens = 0;
        Assert.That(
            async () =>
            {
                await foreach (GeneratedToken _ in pipeline.StreamAsync("Once upon a time", options, cancelled.Token))
                {
                    if (++tokens == 5)
                        await cancelled.CancelAsync();
                }
            },
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That((await other).Text, Is.EqualTo(alone.Text));
        Assert.That((await pipeline.GenerateAsync("The king", options)).Text, Is.EqualTo(alone.Text));
    }

    [Test]
    public async Task Disposal_while_a_generator_runs_waits_for_it_and_ends_the_request()
    {
        SpeculativePipeline pipeline = Open();
        await pipeline.LoadAsync();
        var first = new TaskCompletionSource();
        Task reading = Task.Run(async () =>
        {
            await foreach (GeneratedToken _ in pipeline.StreamAsync("Once upon a time", new GenerationOptions { MaxOutputTokens = 400 }))
                first.TrySetResult();
        });
        await first.Task;
        await pipeline.DisposeAsync();

        Assert.That(() => reading, Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains("while the request was in work"));
    }

    [Test]
    public void A_model_that_is_disposed_opens_no_generator()
    {
        GenAIDraftModel draft = GenAIDraftModel.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.Docs }).GetAwaiter().GetResult();
        IDraftSequence sequence = draft.OpenSequence(new SequenceOptions());
        draft.Dispose();
        var request = new Drafting.DraftRequest(sequence);
        request.Prepare(new[] { 1, 2, 3 }, length: 2);
        draft.Propose([request], CancellationToken.None);

        Assert.That(request.Fault, Is.InstanceOf<ObjectDisposedException>(), "its generator is opened with the first run");
        sequence.Dispose();
    }

    [Test]
    public void Memory_is_back_after_disposal()
    {
        using GenAIDraftModel draft = GenAIDraftModel.LoadAsync(new GenAIModelOptions { Folder = GenAIFolders.SmolLm2Target }).GetAwaiter().GetResult();
        RunOne(draft);
        long before = Resident();
        for (int i = 0; i < 30; i++)
            RunOne(draft);

        // Each holds 46 MB of keys and values: 1.4 GB if they stayed.
        Assert.That(Resident() - before, Is.LessThan(300L << 20));
        Assert.That(draft.OpenGenerators, Is.Zero);
    }

    [Test]
    public async Task A_native_fault_ends_the_request_it_belongs_to()
    {
        // An id beyond the embedding makes the run fail.
        using ITargetSequence broken = _target.OpenSequence(new SequenceOptions());
        using ITargetSequence whole = _target.OpenSequence(new SequenceOptions());
        var bad = new Verification.VerificationRequest(broken, new SequenceOptions());
        var good = new Verification.VerificationRequest(whole, new SequenceOptions());
        bad.Prepare(new[] { 1, 2, 1_000_000 }, rowsWanted: 1);
        good.Prepare(new[] { 1, 2, 3 }, rowsWanted: 1);
        _target.Verify([bad, good], CancellationToken.None);

        Assert.That(bad.Fault, Is.InstanceOf<ModelRunException>().With.Message.Contains("from position 0").And.Message.Contains(GenAIFolders.FamilyTarget));
        Assert.That((good.Fault, good.ChoiceCount), Is.EqualTo(((Exception?)null, 1)));

        // What failed works again.
        int choice = good.Choices[0];
        bad.Prepare(new[] { 1, 2, 3 }, rowsWanted: 1);
        _target.Verify([bad], CancellationToken.None);
        Assert.That((bad.Fault, bad.Choices[0]), Is.EqualTo(((Exception?)null, choice)));
        await Task.CompletedTask;
    }

    [Test]
    public async Task A_draft_at_fault_ends_no_request()
    {
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = _target, Drafts = [new Failing(_draft)], LengthController = new FixedSpeculationLength(3), LeaveOpen = true });
        GenerationResult result = await pipeline.GenerateAsync("Once upon a time", new GenerationOptions { MaxOutputTokens = 16 });

        Assert.That(result.TokenIds, Has.Count.EqualTo(16));
    }

    private static void RunOne(GenAIDraftModel draft)
    {
        using IDraftSequence sequence = draft.OpenSequence(new SequenceOptions { ExpectedLength = 1000 });
        var request = new Drafting.DraftRequest(sequence);
        request.Prepare(new[] { 1, 2, 3 }, length: 2);
        draft.Propose([request], CancellationToken.None);
        Assert.That((request.Fault, request.Proposal.Count), Is.EqualTo(((Exception?)null, 2)));
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private SpeculativePipeline Open() => new(new PipelineComponents { Target = _target, Drafts = [_draft], LengthController = new FixedSpeculationLength(3), LeaveOpen = true });

    private sealed class Failing(IDraftModel inner) : DelegatingDraftModel(inner, leaveOpen: true)
    {
        public override void Propose(ReadOnlySpan<Drafting.DraftRequest> batch, CancellationToken cancellationToken)
        {
            Inner.Propose(batch, cancellationToken);
            throw new InvalidOperationException("broken");
        }
    }
}
