using Microsoft.Extensions.Logging;

namespace Minions.Core.Drafting;

/// <summary>Those drafts of a pipeline that are waited for with a limit. Several threads may call different drafts at once.</summary>
internal sealed class ExternalDrafts : IAsyncDisposable
{
    private readonly ExternalDraft?[] _externals;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly bool _ownsModels;
    private long _toldToStop;

    /// <summary>Makes those that a limit concerns: all that need not heed their tokens.</summary>
    /// <param name="models">The drafts.</param>
    /// <param name="ownsModels">Whether they end with the pipeline.</param>
    /// <param name="limit">How long to wait for a call, or <see langword="null"/> to wait for all drafts without a limit.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="logger">Hears of drafts that hang.</param>
    /// <param name="shutdown">Passed to the drafts. From its signal on they have the limit once more to return.</param>
    public ExternalDrafts(IReadOnlyList<IDraftModel> models, bool ownsModels, TimeSpan? limit, TimeProvider time, ILogger logger, CancellationToken shutdown)
    {
        _externals = new ExternalDraft?[models.Count];
        _limit = limit ?? TimeSpan.Zero;
        _time = time;
        _ownsModels = ownsModels;
        for (int i = 0; i < _externals.Length && limit is not null; i++)
        {
            if (!models[i].HeedsCancellation)
                _externals[i] = new ExternalDraft(models[i], _limit, time, logger, shutdown);
        }

        shutdown.UnsafeRegister(static externals => ((ExternalDrafts)externals!).NoteShutdown(), this);
    }

    /// <summary>After disposal: the drafts whose call has not returned, one bit each. They see to the end of their models themselves.</summary>
    public ulong Away { get; private set; }

    /// <summary>What calls a draft, or <see langword="null"/> when the panel does so itself.</summary>
    public ExternalDraft? this[int draft] => _externals[draft];

    public async ValueTask DisposeAsync()
    {
        TimeSpan patience = _limit - _time.GetElapsedTime(Volatile.Read(ref _toldToStop));
        bool[] ended = await Task.WhenAll(_externals.Select(external => external?.EndAsync(patience, _ownsModels) ?? Task.FromResult(true))).ConfigureAwait(false);
        for (int i = 0; i < ended.Length; i++)
            Away |= ended[i] ? 0 : 1UL << i;
    }

    private void NoteShutdown() => Volatile.Write(ref _toldToStop, _time.GetTimestamp());
}
