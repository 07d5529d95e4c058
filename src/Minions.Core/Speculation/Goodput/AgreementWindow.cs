using System.Numerics;

namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// Where each draft's own choice, given the committed ids before it, was the id that was committed: one bit a position and draft. A draft's proposal is
/// accepted exactly as far as its choices equal the text, so what any set of drafts would have had accepted, from any place and to any length,
/// can be read off these bits (full information: HedgeSpec, arXiv 2510.20064).
/// </summary>
/// <param name="capacity">The positions that are remembered, a power of 2.</param>
internal sealed class AgreementWindow(int capacity)
{
    private const int ShortestTurn = 8;
    private const int LongestTurn = 32;

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

    /// <summary>
    /// Appends the positions of another window from one on, with a gap before them that no run of ids crosses. Of positions in a row of which nothing is
    /// known one is left.
    /// </summary>
    /// <returns>The position behind the last one that was taken.</returns>
    public int Append(AgreementWindow other, int from)
    {
        from = Math.Max(from, other._first);
        bool isGap = false;
        for (int position = from; position < other.End; position++)
        {
            int source = other.Slot(position);
            if (isGap && other._known[source] == 0)
                continue;

            Extend(End + (position == from ? 2 : 1));
            (_known[Slot(End - 1)], _right[Slot(End - 1)]) = (other._known[source], other._right[source]);
            isGap = other._known[source] == 0;
        }

        return other.End;
    }

    /// <summary>What is known: for each position two words, the drafts that are known there and those that were right.</summary>
    public ulong[] Export()
    {
        ulong[] state = new ulong[2 * (End - _first)];
        for (int i = 0; i < End - _first; i++)
            (state[2 * i], state[2 * i + 1]) = (_known[Slot(_first + i)], _right[Slot(_first + i)]);
        return state;
    }

    /// <summary>Takes over what another window knew, of which the last positions count.</summary>
    public void Import(ReadOnlySpan<ulong> state)
    {
        Begin(0);
        Extend(state.Length / 2);
        for (int i = _first; i < End; i++)
            (_known[Slot(i)], _right[Slot(i)]) = (state[2 * i], state[2 * i + 1]);
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
        for (int start = End - 1; start >= _first; start--)
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
                        counts.Add(set, i, isRight);
                    if (isCut || !isRight)
                        open &= ~(1UL << set);
                }

                alive = right;
            }
        }
    }

    /// <summary>
    /// Forgets all but the last positions if a draft was right there so much more or less often than before that chance hardly explains it: the
    /// text has turned.
    /// </summary>
    /// <param name="drafts">How many drafts there are.</param>
    /// <param name="surprise">From how much on: the logarithm of how much likelier what was seen is after a turn than without one.</param>
    public void ForgetBeforeTurn(int drafts, double surprise)
    {
        for (int draft = 0; draft < drafts; draft++)
        {
            (int known, int right) = (0, 0);
            (int allKnown, int allRight) = Count(draft);
            for (int last = 1; last <= LongestTurn && End - last >= _first; last++)
            {
                int place = Slot(End - last);
                known += (int)(_known[place] >> draft & 1);
                right += (int)(_right[place] >> draft & 1);
                if (last < ShortestTurn || !BitOperations.IsPow2(last) || allKnown - known < ShortestTurn)
                    continue;

                double before = (allRight - right + 0.5) / (allKnown - known + 1);
                if (Surprise(right, known, before) > surprise)
                    _first = End - last;
            }
        }
    }

    /// <summary>Of how many positions a draft's choice is known, and where it was right.</summary>
    public (int Known, int Right) Count(int draft)
    {
        (int known, int right) = (0, 0);
        for (int position = _first; position < End; position++)
        {
            known += (int)(_known[Slot(position)] >> draft & 1);
            right += (int)(_right[Slot(position)] >> draft & 1);
        }

        return (known, right);
    }

    private static double Surprise(int right, int known, double before) =>
        Term(right, known * before) + Term(known - right, known * (1 - before));

    private static double Term(int seen, double expected) => seen == 0 ? 0 : seen * Math.Log(seen / expected);

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

    public void Add(int set, int length, bool isRight)
    {
        _tried[set * lengths + length]++;
        if (isRight)
            _right[set * lengths + length]++;
    }
}
