using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Minions.Core.Pipeline;

/// <summary>Requests that wait for a stage. Safe to use from several threads.</summary>
/// <remarks>
/// Admission lets in as many requests as a queue holds, and each is in one queue at a time, so none is ever full. Should that be wrong one day,
/// the request ends with an error instead of waiting for ever in no queue at all.
/// </remarks>
/// <param name="name">What its requests wait for, as the error names it.</param>
/// <param name="capacity">The most requests there can be.</param>
internal sealed class RequestQueue(string name, int capacity)
{
    private readonly Channel<RequestState> _requests = Channel.CreateBounded<RequestState>(capacity);

    public int Count => _requests.Reader.Count;

    public bool IsEmpty => !_requests.Reader.TryPeek(out _);

    /// <summary>Takes a request over; one that finds the queue full fails.</summary>
    /// <param name="state">The request, the caller's no more.</param>
    /// <returns>Whether it waits now.</returns>
    public bool Add(RequestState state)
    {
        if (_requests.Writer.TryWrite(state))
            return true;

        state.Fail(new InvalidOperationException(
            $"The queue of requests that wait for {name} was full with {capacity}, the most that are let in at once. This is an error of the pipeline; the request is lost, others go on."));
        return false;
    }

    public bool TryTake([MaybeNullWhen(false)] out RequestState state) => _requests.Reader.TryRead(out state);
}
