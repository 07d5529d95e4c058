namespace Minions.Core.Sampling;

/// <summary>
/// Memory for choosing an id, one for each thread. It is taken out while in use, so that a processor that
/// chooses from other rows by itself gets memory of its own.
/// </summary>
internal sealed class SelectionScratch
{
    [ThreadStatic]
    private static SelectionScratch? _idle;

    private float[] _row = [];
    private float[] _peaks = [];
    private int[] _counts = [];

    public static SelectionScratch Take()
    {
        SelectionScratch scratch = _idle ?? new SelectionScratch();
        _idle = null;
        return scratch;
    }

    public void GiveBack() => _idle = this;

    /// <summary>Room for a row of logits.</summary>
    public Span<float> Row(int length) => (_row.Length >= length ? _row : _row = new float[length]).AsSpan(0, length);

    /// <summary>Room for the peaks of a row's blocks.</summary>
    public Span<float> Peaks(int length) => (_peaks.Length >= length ? _peaks : _peaks = new float[length]).AsSpan(0, length);

    /// <summary>As many zeros, which must be zeros again before the next use.</summary>
    public Span<int> Counts(int length) => (_counts.Length >= length ? _counts : _counts = new int[length]).AsSpan(0, length);
}
