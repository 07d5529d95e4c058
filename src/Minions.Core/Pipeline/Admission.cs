using System.Diagnostics.CodeAnalysis;

namespace Minions.Core.Pipeline;

/// <summary>Lets requests in, so many at once and no more. The others wait without blocking a thread. Safe to use from several threads.</summary>
/// <param name="options">How many are let in and how many may wait.</param>
/// <param name="refusal">What those that wait are told when nobody is let in any more.</param>
/// <param name="closing">Signalled then.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore that hands out no wait handle holds nothing, and calls may still leave it.")]
internal sealed class Admission(PipelineOptions options, Func<Exception> refusal, CancellationToken closing)
{
    private readonly SemaphoreSlim _places = new(options.MaxConcurrentRequests);
    private int _waiting;

    /// <summary>How many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for a place, to be left afterwards.</summary>
    /// <exception cref="PipelineBusyException">As many as are allowed wait already.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing);
        Enqueue();
        try
        {
            await _places.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw refusal();
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Leave() => _places.Release();

    // Counts the call among those that wait, if only until it finds a place free.
    private void Enqueue()
    {
        int waiting = Interlocked.Increment(ref _waiting);
        if (options.MaxQueuedRequests is not { } most || waiting <= most || waiting <= most + _places.CurrentCount)
            return;

        Interlocked.Decrement(ref _waiting);
        throw new PipelineBusyException(
            $"{options.MaxConcurrentRequests} requests are in work and {most} wait for admission, the most that {nameof(PipelineOptions.MaxQueuedRequests)} allows: try again later.");
    }
}
