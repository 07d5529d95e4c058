using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.Tests.Generation;

/// <summary>A stream is a request that begins with its first use, whichever that is, and ends whoever reads it.</summary>
internal sealed class GenerationStreamTests
{
    private static readonly int[] Prompt = [1, 2, 3];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly GenerationOptions Twenty = new() { MaxOutputTokens = 20 };
    private static readonly GenerationOptions Endless = new() { MaxOutputTokens = 1 << 19 };

    [Test]
    public async Task Completion_ends_although_nobody_enumerates()
    {
        var target = new TabularTarget(Tables.Scrambled);
        await using SpeculativePipeline pipeline = Open(target);
        GenerationResult result = await pipeline.StreamAsync(Prompt, Twenty).Completion.WaitAsync(Patience);

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode(Prompt, 20)));
    }

    [Test]
    public async Task Nothing_runs_before_the_first_use()
    {
        var target = new TabularTarget(Tables.Scrambled);
        await using (SpeculativePipeline pipeline = Open(target))
        {
            GenerationStream unused = pipeline.StreamAsync(Prompt, Twenty);
            await pipeline.GenerateAsync(Prompt, Twenty with { MaxOutputTokens = 1 });
            Assert.That(unused, Is.Not.Null);
        }

        Assert.That(target.Verifications, Is.EqualTo(1));
    }

    [Test]
    public async Task An_enumeration_after_Completion_sees_all_tokens_of_one_request([Values] bool afterItsEnd)
    {
        var target = new TabularTarget(Tables.Scrambled);
        await using SpeculativePipeline pipeline = Open(target);
        GenerationStream stream = pipeline.StreamAsync(Prompt, Twenty);
        Task<GenerationResult> completion = stream.Completion;
        if (afterItsEnd)
            await completion.WaitAsync(Patience);
        List<GeneratedToken> tokens = await stream.ToListAsync();

        Assert.That(tokens.Select(token => token.Id), Is.EqualTo(target.Decode(Prompt, 20)));
        Assert.That((await completion).TokenIds, Is.EqualTo(tokens.Select(token => token.Id)));
        Assert.That(stream.Completion, Is.SameAs(completion));
        Assert.That(target.Verifications, Is.EqualTo(20), "one request");
        Assert.That(async () => await stream.ToListAsync(), Throws.InvalidOperationException, "a second enumeration");
    }

    [Test]
    public async Task A_reader_that_has_enough_gets_a_result([Range(0, 3)] int length, [Values(1, 5)] int wanted)
    {
        var target = new TabularTarget(Tables.Scrambled, contextLength: 1 << 20);
        await using var pipeline = new SpeculativePipeline(new PipelineComponents
        {
            Target = target,
            Drafts = [new TabularDraft("good", Tables.Scrambled)],
            LengthController = new FixedSpeculationLength(length),
        });
        GenerationStream stream = pipeline.StreamAsync(Prompt, Endless);
        List<int> read = [];
        await foreach (GeneratedToken token in stream)
        {
            read.Add(token.Id);
            if (read.Count == wanted)
                stream.Finish();
        }

        GenerationResult result = await stream.Completion.WaitAsync(Patience);
        Assert.That(result.FinishReason, Is.EqualTo(FinishReason.Requested));
        Assert.That(result.TokenIds, Is.EqualTo(read).And.EqualTo(target.Decode(Prompt, read.Count)));
        Assert.That(result.Usage.CompletionTokens, Is.EqualTo(read.Count).And.GreaterThan(wanted));
        stream.Finish();
        Assert.That((await pipeline.GenerateAsync(Prompt, Twenty)).TokenIds, Is.EqualTo(target.Decode(Prompt, 20)));
    }

    [Test]
    public async Task One_that_has_enough_before_the_first_id_gets_that_id()
    {
        var target = new TabularTarget(Tables.Scrambled);
        await using SpeculativePipeline pipeline = Open(target);
        GenerationStream stream = pipeline.StreamAsync(Prompt, Twenty);
        stream.Finish();
        GenerationResult result = await stream.Completion.WaitAsync(Patience);

        Assert.That(result.TokenIds, Is.EqualTo(target.Decode(Prompt, 1)));
        Assert.That(result.FinishReason, Is.EqualTo(FinishReason.Requested));
    }

    [Test]
    public async Task The_methods_token_ends_a_request_that_nobody_enumerates()
    {
        using var cancellation = new CancellationTokenSource();
        var target = new TabularTarget(Tables.Scrambled, contextLength: 1 << 20) { BeforeVerify = request => { if (request.Ids.Length > 10) cancellation.Cancel(); } };
        await using SpeculativePipeline pipeline = Open(target);
        GenerationStream stream = pipeline.StreamAsync(Prompt, Endless, cancellation.Token);

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => stream.Completion.WaitAsync(Patience));
        Assert.That(thrown!.CancellationToken, Is.EqualTo(cancellation.Token));
    }

    [Test]
    public async Task The_enumerations_token_ends_a_request_that_began_before([Values] bool signalledBefore)
    {
        using var cancellation = new CancellationTokenSource();
        await using SpeculativePipeline pipeline = Open(new TabularTarget(Tables.Scrambled, contextLength: 1 << 20));
        GenerationStream stream = pipeline.StreamAsync(Prompt, Endless);
        Task<GenerationResult> completion = stream.Completion;
        if (signalledBefore)
            await cancellation.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(async () =>
        {
            await foreach (GeneratedToken token in stream.WithCancellation(cancellation.Token))
                await cancellation.CancelAsync();
        });
        Assert.That(thrown!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(completion.IsCanceled, Is.True);
    }

    [Test]
    public async Task Where_both_tokens_are_signalled_the_methods_is_named()
    {
        using var method = new CancellationTokenSource();
        using var enumeration = new CancellationTokenSource();
        await using SpeculativePipeline pipeline = Open(new TabularTarget(Tables.Scrambled, contextLength: 1 << 20));
        GenerationStream stream = pipeline.StreamAsync(Prompt, Endless, method.Token);
        await method.CancelAsync();
        await enumeration.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(async () => await stream.WithCancellation(enumeration.Token).GetAsyncEnumerator().MoveNextAsync());
        Assert.That(thrown!.CancellationToken, Is.EqualTo(method.Token));
    }

    [Test]
    public async Task A_token_that_is_signalled_after_the_end_changes_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        await using SpeculativePipeline pipeline = Open(new TabularTarget(Tables.Scrambled));
        GenerationStream stream = pipeline.StreamAsync(Prompt, Twenty, cancellation.Token);
        await stream.Completion.WaitAsync(Patience);
        await cancellation.CancelAsync();

        Assert.That(await stream.ToListAsync(), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task Disposal_of_the_pipeline_ends_it([Values] bool begun)
    {
        using var reached = new SemaphoreSlim(0);
        var target = new TabularTarget(Tables.Scrambled, contextLength: 1 << 20) { BeforeVerify = _ => reached.Release() };
        SpeculativePipeline pipeline = Open(target);
        GenerationStream stream = pipeline.StreamAsync(Prompt, Endless);
        if (begun)
        {
            _ = stream.Completion;
            await reached.WaitAsync();
        }

        await pipeline.DisposeAsync();
        Assert.That(() => stream.Completion.WaitAsync(Patience), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(target.OpenSequences, Is.Zero);
    }

    [Test]
    public async Task A_fault_reaches_completion_and_enumeration()
    {
        var target = new TabularTarget(Tables.Scrambled) { BeforeVerify = _ => throw new ModelRunException("no memory") };
        await using SpeculativePipeline pipeline = Open(target);
        GenerationStream stream = pipeline.StreamAsync(Prompt, Twenty);

        Assert.That(() => stream.Completion.WaitAsync(Patience), Throws.TypeOf<ModelRunException>());
        Assert.That(async () => await stream.ToListAsync(), Throws.TypeOf<ModelRunException>());
    }

    private static SpeculativePipeline Open(TabularTarget target) => new(new PipelineComponents { Target = target });
}
