namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>How far requests draft: for each position the share of rounds that got there, the older ones counting less.</summary>
/// <remarks>
/// Requests that draft together share each step. One that goes further than the others has the last steps to itself, so those are dear; but
/// where none has been there may be company for the asking, so no position is held to be lonelier than half.
/// </remarks>
internal sealed class DraftDepths(int positions)
{
    private const double Memory = 0.99;
    private const double Least = 0.5;

    private readonly double[] _shares = new double[positions];

    /// <summary>Counts a round that drafted to some length, which may be 0.</summary>
    public void Observe(int length)
    {
        for (int i = 0; i < _shares.Length; i++)
            _shares[i] = Memory * _shares[i] + (i < length ? 1 - Memory : 0);
    }

    /// <summary>The expected number of requests that draft the id at a position, this one included.</summary>
    /// <param name="position">The position.</param>
    /// <param name="requests">The requests that may draft, this one included.</param>
    public double Drafting(int position, int requests) => 1 + (requests - 1) * Math.Max(Least, _shares[position]);
}
