using System.Numerics;

namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// Where each draft's own choice, given the committed ids before it, was the id that was committed: one bit a position and draft. A draft's proposal is
/// accepted exactly as far as its choices equal the text, so what any set of drafts would have had accepted, from any place and to any length,
/// can be read off these bits (full information: HedgeSpec, arXiv 2510.20064).
/// </summary>
/// <param name="capacity">The positions that are remembered, a power of 2.</param>
/// <param name="decay">What a start of a round counts of the next one, in (0, 1].</param>
internal sealed class AgreementWindow(int capacity, double decay = 1)
{
    private readonly ulong[] _known = new ulong[capacity];
    private readonly ulong[] _right = new ulong[capacity];
    private int _first;

    /// <summary>The position behind the last one.</summary>
    public int End { get; private set; }

    /// <summary>Starts anew at a position.</summary>
    public void Begin(int position) => _first = End = position;

    /// <summary>Takes further positions in, of which nothing is known yet.</summary>
    public void Extend(int end)
    {
        _first = Math.Max(_first, end - capacity);
        for (End = Math.Max(End, _first); End < end; End++)
            _known[Slot(End)] = _right[Slot(End)] = 0;
    }

    /// <summary>Notes whether a draft's choice for a position was the committed id. Positions outside of the window are ignored.</summary>
    public void Record(int position, int draft, bool isRight)
    {
        if (position < _first || position >= End)
            return;

        _known[Slot(position)] |= 1UL << draft;
        if (isRight)
            _right[Slot(position)] |= 1UL << draft;
    }

    /// <summary>Appends the positions of another window from one on, with a gap before them that no run of ids crosses.</summary>
    /// <returns>The position behind the last one that was taken.</returns>
    public int Append(AgreementWindow other, int from)
    {
        from = Math.Max(from, other._first);
        int start = End + 1;
        Extend(start + other.End - from);
        for (int position = from; position < other.End; position++)
        {
            int place = Slot(start + position - from);
            (_known[place], _right[place]) = (other._known[other.Slot(position)], other._right[other.Slot(position)]);
        }

        return other.End;
    }

    /// <summary>
    /// Counts, with every position as the start of a round, how often the best draft of a set was right for one id more. Where the bits of a draft
    /// that may still decide are missing, a start says no more; so what is counted does not depend on what happens to be known.
    /// </summary>
    /// <param name="sets">The sets, one bit a draft.</param>
    /// <param name="counts">Receives the counts: cleared, filled, one row a set.</param>
    public void Count(ReadOnlySpan<ulong> sets, SurvivalCounts counts)
    {
        counts.Clear(sets.Length);
        double weight = 1;
        for (int start = End - 1; start >= _first; start--, weight *= decay)
        {
            ulong open = sets.Length == 64 ? ulong.MaxValue : (1UL << sets.Length) - 1;
            ulong alive = ulong.MaxValue;
            for (int i = 0; i < counts.Lengths && open != 0; i++)
            {
                int place = Slot(start + i);
                bool isInside = start + i < End;
                ulong unknown = isInside ? alive & ~_known[place] : alive;
                ulong right = isInside ? alive & _right[place] : 0;
                for (ulong rest = open; rest != 0; rest &= rest - 1)
                {
                    int set = BitOperations.TrailingZeroCount(rest);
                    bool isCut = (sets[set] & unknown) != 0;
                    bool isRight = (sets[set] & right) != 0;
                    if (!isCut)
                        counts.Add(set, i, isRight, weight);
                    if (isCut || !isRight)
                        open &= ~(1UL << set);
                }

                alive = right;
            }
        }
    }

    private int Slot(int position) => position & capacity - 1;
}

/// <summary>For each of some sets of drafts and each length, how often one id more was tried, and how often it was right.</summary>
/// <param name="sets">The most sets.</param>
/// <param name="lengths">The most ids.</param>
internal sealed class SurvivalCounts(int sets, int lengths)
{
    private readonly double[] _tried = new double[sets * lengths];
    private readonly double[] _right = new double[sets * lengths];

    public int Lengths => lengths;

    public ReadOnlySpan<double> Tried(int set) => _tried.AsSpan(set * lengths, lengths);

    public ReadOnlySpan<double> Right(int set) => _right.AsSpan(set * lengths, lengths);

    public void Clear(int count)
    {
        Array.Clear(_tried, 0, count * lengths);
        Array.Clear(_right, 0, count * lengths);
    }

    public void Add(int set, int length, bool isRight, double weight)
    {
        _tried[set * lengths + length] += weight;
        if (isRight)
            _right[set * lengths + length] += weight;
    }
}
