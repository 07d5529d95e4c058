using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Core.Tests.OnnxRuntime.Packing;

/// <summary>
/// Another draft, some of whose calls hang, deaf to their token, until they are let return. Then they go on to run the model, however late.
/// </summary>
/// <param name="draft">What drafts.</param>
/// <param name="hangs">Asked at the beginning of each call.</param>
/// <param name="onHang">Called within a call that begins to hang.</param>
internal sealed class LateDraft(IDraftModel draft, Func<bool> hangs, Action onHang) : IDraftModel
{
    private readonly SemaphoreSlim _return = new(0);
    private volatile bool _isHanging;

    public string Name => draft.Name + " (late)";

    public int ContextLength => draft.ContextLength;

    public int MaxBatchSize => draft.MaxBatchSize;

    /// <summary>Whether a call hangs now.</summary>
    public bool IsHanging => _isHanging;

    /// <summary>Lets the call that hangs go on.</summary>
    public void LetReturn()
    {
        _isHanging = false;
        _return.Release();
    }

    public IDraftSequence OpenSequence(SequenceOptions options)
    {
        HangAtTimes();
        return draft.OpenSequence(options);
    }

    public void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        HangAtTimes();
        draft.Propose(batch, CancellationToken.None);
    }

    /// <summary>Nothing: the draft behind it is the test's.</summary>
    public void Dispose()
    {
    }

    private void HangAtTimes()
    {
        if (!hangs())
            return;

        _isHanging = true;
        onHang();
        _return.Wait();
    }
}
