using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Minions.Core.Generation;

/// <summary>A text as it is generated: its ids by enumeration, once, and its result by <see cref="Completion"/>, in either order.</summary>
/// <remarks>
/// <para>
/// The request begins with whichever of the two is used first. A slow reader holds up nothing: ids wait in memory until they are read, all of
/// them where nobody enumerates.
/// </para>
/// <para>
/// <b>Cancellation.</b> The token given to <c>StreamAsync</c> ends the request at any time. The token given to the enumeration
/// (<c>WithCancellation</c>) does so from the beginning of the enumeration on. Where both are signalled the first one is the
/// <see cref="OperationCanceledException.CancellationToken"/>. An enumeration hands out what was certain by then before it throws. On a request
/// that has ended neither has an effect.
/// </para>
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "The source has neither a timer nor a wait handle, so there is nothing to free.")]
public sealed class GenerationStream : IAsyncEnumerable<GeneratedToken>
{
    private readonly Func<TokenReader, CancellationToken, Task<GenerationResult>> _call;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<GeneratedToken> _tokens = Channel.CreateUnbounded<GeneratedToken>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly TokenReader _reader;
    private readonly TaskCompletionSource<GenerationResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _enumeration;
    private int _isEnumerated;
    private int _hasBegun;

    /// <summary>Makes a stream.</summary>
    /// <param name="call">Runs the request, handing out its ids as they come.</param>
    /// <param name="cancellation">Ends it.</param>
    internal GenerationStream(Func<TokenReader, CancellationToken, Task<GenerationResult>> call, CancellationToken cancellation)
    {
        _call = call;
        _cancellation = cancellation;
        _reader = new TokenReader(_tokens.Writer);
    }

    /// <summary>
    /// The result; begins the request if no enumeration has. It ends whether anybody enumerates or not: with the enumeration's exception where
    /// the request fails, with an <see cref="ObjectDisposedException"/> where the pipeline is disposed meanwhile, and cancelled where a token is
    /// signalled or an enumeration is left early.
    /// </summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public Task<GenerationResult> Completion
    {
        get
        {
            Begin();
            return _completion.Task;
        }
    }

    /// <summary>Enumerates the ids, all of them even where the request has begun before, and begins it otherwise. Leaving early ends it.</summary>
    /// <param name="cancellationToken">Ends the request from here on, like the token given to the pipeline.</param>
    /// <returns>The ids in their order.</returns>
    /// <exception cref="InvalidOperationException">The stream was enumerated before: each enumeration would be a request of its own.</exception>
    public async IAsyncEnumerator<GeneratedToken> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isEnumerated, 1) != 0)
            throw new InvalidOperationException("A generation stream can be enumerated once. Call StreamAsync again for another request.");

        _enumeration = cancellationToken;
        using CancellationTokenRegistration registration = StopWith(cancellationToken);
        Begin();
        try
        {
            await foreach (GeneratedToken token in _tokens.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return token;
        }
        finally
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await ((Task)_completion.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Ends the text where it stands, as if its limit were reached: with the next id that becomes certain. What came is kept, so <see cref="Completion"/>
    /// gives a result (<see cref="FinishReason.Requested"/>), and a later request of the same conversation finds its cache, which cancelling would give
    /// up. Without effect on a request that has ended. Callable from any thread.
    /// </summary>
    /// <remarks>Ids that became certain before, and were not read yet, still come.</remarks>
    public void Finish() => _reader.HasEnough = true;

    private CancellationTokenRegistration StopWith(CancellationToken token) =>
        token.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);

    private void Begin()
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) == 0)
            _ = RunAsync();
    }

    private async Task RunAsync()
    {
        using CancellationTokenRegistration registration = StopWith(_cancellation);
        try
        {
            _completion.SetResult(await _call(_reader, _stop.Token).ConfigureAwait(false));
            _tokens.Writer.Complete();
        }
        catch (OperationCanceledException cancelled) when (_stop.IsCancellationRequested)
        {
            // The callers' tokens mean something to them; the one that the pipeline saw does not.
            CancellationToken cause = _cancellation.IsCancellationRequested ? _cancellation : _enumeration.IsCancellationRequested ? _enumeration : _stop.Token;
            _completion.SetCanceled(cause);
            _tokens.Writer.Complete(new OperationCanceledException(cancelled.Message, cancelled, cause));
        }
        catch (Exception fault)
        {
            _completion.SetException(fault);
            _ = _completion.Task.Exception; // Observed: whoever enumerates gets it too and need not look at Completion.
            _tokens.Writer.Complete(fault);
        }
    }
}
