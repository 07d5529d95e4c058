using System.Threading.Channels;
using Minions.Core.Pipeline;

namespace Minions.Core.Generation;

/// <summary>A text as it is generated: enumerate it once, then look at <see cref="Completion"/> for the result.</summary>
/// <remarks>A slow reader holds up nothing: ids wait in memory until they are read.</remarks>
public sealed class GenerationStream : IAsyncEnumerable<GeneratedToken>
{
    private readonly GenerationCall _call;
    private readonly CancellationToken _cancellation;
    private readonly TaskCompletionSource<GenerationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _started;

    internal GenerationStream(GenerationCall call, CancellationToken cancellation)
    {
        _call = call;
        _cancellation = cancellation;
    }

    /// <summary>
    /// The result, once the enumeration is over; ends with the same exception as the enumeration, and is cancelled when that is left early.
    /// </summary>
    public Task<GenerationResult> Completion => _completion.Task;

    /// <summary>Starts the request.</summary>
    /// <param name="cancellationToken">Ends the request, like the token given to the pipeline.</param>
    /// <returns>The ids in their order.</returns>
    /// <exception cref="InvalidOperationException">The stream was enumerated before: each enumeration would be a request of its own.</exception>
    public async IAsyncEnumerator<GeneratedToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("A generation stream can be enumerated once. Call StreamAsync again for another request.");

        var tokens = Channel.CreateUnbounded<GeneratedToken>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation, cancellationToken);
        Task run = RunAsync(tokens.Writer, cancellationToken, stop.Token);
        try
        {
            await foreach (GeneratedToken token in tokens.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return token;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await run.ConfigureAwait(false);
        }
    }

    private async Task RunAsync(ChannelWriter<GeneratedToken> tokens, CancellationToken enumeration, CancellationToken stop)
    {
        try
        {
            _completion.SetResult(await _call.RunAsync(tokens, stop).ConfigureAwait(false));
            tokens.Complete();
        }
        catch (OperationCanceledException cancelled) when (stop.IsCancellationRequested)
        {
            // Both tokens are the caller's; the linked one that the pipeline saw is not.
            CancellationToken cause = _cancellation.IsCancellationRequested ? _cancellation : enumeration.IsCancellationRequested ? enumeration : stop;
            _completion.SetCanceled(cause);
            tokens.Complete(new OperationCanceledException(cancelled.Message, cancelled, cause));
        }
        catch (Exception fault)
        {
            _completion.SetException(fault);
            _ = _completion.Task.Exception; // Observed: whoever enumerates gets it too and need not look at Completion.
            tokens.Complete(fault);
        }
    }
}
