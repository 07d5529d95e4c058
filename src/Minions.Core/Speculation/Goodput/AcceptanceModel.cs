using System.Numerics;

namespace Minions.Core.Speculation.Goodput;

/// <summary>
/// How far one request's chains are expected to be accepted, for every set of drafts that is worth a look and every length: the agreements of this
/// text, over what earlier texts showed. Whoever calls holds the lock of what is shared.
/// </summary>
/// <param name="shared">What earlier texts showed.</param>
/// <param name="lengths">The most ids of a chain.</param>
/// <param name="limits">What is known of the drafts, and whether all of them run.</param>
internal sealed class AcceptanceModel(SpeculationKnowledge shared, int lengths, SpeculationLimits limits)
{
    /// <summary>The most sets that are compared.</summary>
    public const int MaxSets = 16;

    private const double Least = 0.001;

    private readonly SpeculationTuning _tuning = shared.Tuning;
    private readonly SurvivalCounts _counts = new(MaxSets, lengths);
    private readonly double[] _prior = new double[MaxSets * lengths];
    private readonly double[] _survival = new double[MaxSets * lengths];
    private readonly ulong[] _sets = new ulong[MaxSets];

    // Drafts that take no time run beside the others; where there are no others they are drafts like any.
    private readonly ulong _free = limits.FreeDrafts.Count < limits.Drafts ? limits.FreeDrafts.Bits : 0;
    private int _count;
    private int _published;

    public AgreementWindow Window { get; } = new(shared.Tuning.OwnPositions);

    /// <summary>The sets that are compared, one bit a draft.</summary>
    public ReadOnlySpan<ulong> Sets => _sets.AsSpan(0, _count);

    /// <summary>Starts behind a prompt.</summary>
    public void Begin(int position)
    {
        Window.Begin(position);
        _published = position;
    }

    /// <summary>Passes on what is new, and takes over what other requests passed on.</summary>
    public void Refresh()
    {
        Publish();
        ChooseSets();
        shared.Window.Count(Sets, _counts);
        for (int set = 0; set < _count; set++)
        {
            if (IsSingle(_sets[set]))
                TakePrior(set);
        }

        for (int set = 0; set < _count; set++)
        {
            if (!IsSingle(_sets[set]))
                TakePrior(set);
        }
    }

    public void Publish() => _published = shared.Window.Append(Window, _published);

    /// <summary>Passes on what is left, when the text has ended.</summary>
    public void Complete()
    {
        Publish();
        for (int draft = 0; draft < shared.Drafts; draft++)
        {
            (int known, int right) = Window.Count(draft);
            shared.Texts.Add(draft, right, known);
        }
    }

    /// <summary>How many drafts are weighed against each other, at least 1.</summary>
    public int WeighedCount => Math.Max(1, BitOperations.PopCount(Weighed));

    /// <summary>Brings the estimates up to date.</summary>
    public void Estimate()
    {
        Window.ForgetBeforeTurn(shared.Drafts, _tuning.TurnSurprise);
        Window.Count(Sets, _counts);
        for (int set = 0; set < _count; set++)
            Estimate(set);

        // The vote does not find the best of several drafts in every round: it gets a share of what that would add to the best single one.
        for (int set = 0; set < _count; set++)
        {
            if (IsSingle(_sets[set]) || BestSingle(_sets[set]) is not (>= 0 and var best))
                continue;

            Span<double> survival = _survival.AsSpan(set * lengths, lengths);
            ReadOnlySpan<double> single = Survival(best);
            for (int i = 0; i < lengths; i++)
                survival[i] = single[i] + shared.VoteShare * Math.Max(0, survival[i] - single[i]);
        }
    }

    /// <summary>For each length, how likely a chain of the set's drafts is right to its end, if drafts go that far.</summary>
    /// <param name="set">The index of the set.</param>
    public ReadOnlySpan<double> Survival(int set) => _survival.AsSpan(set * lengths, lengths);

    /// <summary>The drafts that are weighed against each other.</summary>
    public ulong Weighed => Drafting.DraftSet.First(shared.Drafts).Bits & ~_free;

    /// <summary>The draft of a set of one, those beside it aside.</summary>
    public int DraftOf(int set) => BitOperations.TrailingZeroCount(_sets[set] & ~_free);

    /// <summary>Whether a set is of a single draft, those beside it aside, or of all where all run together.</summary>
    public bool IsAlone(int set) => limits.RunsAllDrafts || IsSingle(_sets[set]);

    /// <summary>The best single draft of a set: the index of its own set, or -1 where singles are not compared.</summary>
    public int BestSingle(ulong set)
    {
        int best = -1;
        for (int i = 0; i < _count; i++)
        {
            if (IsSingle(_sets[i]) && (_sets[i] & ~_free & set) != 0 && (best < 0 || FirstIds(i) > FirstIds(best)))
                best = i;
        }

        return best;
    }

    // A length of which little is known is taken for like the one before it, relative to what is expected of both.
    private void TakePrior(int set)
    {
        double before = Expected(set, 0);
        bool isSingle = IsSingle(_sets[set]);
        ReadOnlySpan<double> tried = _counts.Tried(set), right = _counts.Right(set);
        Span<double> prior = _prior.AsSpan(set * lengths, lengths);
        for (int i = 0; i < lengths; i++)
        {
            double expected = i == 0 ? before : Math.Min(1 - Least, before * Expected(set, i) / Expected(set, i - 1));
            double trials = i == 0 && isSingle ? _tuning.TextTrials : _tuning.NeighbourTrials;
            prior[i] = before = (right[i] + trials * expected) / (tried[i] + trials);
        }
    }

    // Of a draft what its model says beforehand; several are as good as the best of them until they were seen together.
    private double Expected(int set, int position)
    {
        double most = 0;
        for (ulong rest = _sets[set] & ~_free; rest != 0; rest &= rest - 1)
        {
            int draft = BitOperations.TrailingZeroCount(rest);
            int single = IsSingle(_sets[set]) ? -1 : SetOf(draft);
            IReadOnlyList<double>? known = limits.ExpectedAgreement?[draft];
            most = Math.Max(most, single >= 0 ? _prior[single * lengths + position] : known is { Count: > 0 } ? known[Math.Min(position, known.Count - 1)] : _tuning.FirstAcceptance);
        }

        return most;
    }

    private int SetOf(int draft)
    {
        for (int i = 0; i < _count; i++)
        {
            if (IsSingle(_sets[i]) && DraftOf(i) == draft)
                return i;
        }

        return -1;
    }

    // This text's agreements move all lengths together as far as they say the same, and each by itself beyond that.
    private void Estimate(int set)
    {
        ReadOnlySpan<double> tried = _counts.Tried(set), right = _counts.Right(set);
        ReadOnlySpan<double> prior = _prior.AsSpan(set * lengths, lengths);
        Span<double> survival = _survival.AsSpan(set * lengths, lengths);
        double surprise = 0, trials = shared.Texts.Trials;
        for (int i = 0; i < lengths; i++)
        {
            surprise += right[i] - prior[i] * tried[i];
            trials += tried[i];
        }

        double survives = 1;
        for (int i = 0; i < lengths; i++)
        {
            double shifted = Math.Clamp(prior[i] + surprise / trials, Least, 1 - Least);
            survives *= (right[i] + _tuning.PriorTrials * shifted) / (tried[i] + _tuning.PriorTrials);
            survival[i] = survives;
        }
    }

    private bool IsSingle(ulong set) => BitOperations.IsPow2(set & ~_free);

    // The expected ids of a chain of up to four.
    private double FirstIds(int set) => System.Numerics.Tensors.TensorPrimitives.Sum(Survival(set)[..Math.Min(4, lengths)]);

    // Of up to four drafts every set; of more the single ones, all, and the best two, three and so on by what earlier texts showed.
    private void ChooseSets()
    {
        int drafts = shared.Drafts;
        ulong all = Drafting.DraftSet.First(drafts).Bits, weighed = Weighed;
        if (limits.RunsAllDrafts || BitOperations.PopCount(weighed) <= 4)
        {
            // Every subset, the empty one aside.
            _count = 0;
            for (ulong set = weighed; set != 0 && !limits.RunsAllDrafts; set = (set - 1) & weighed)
                _sets[_count++] = set | _free;
            if (limits.RunsAllDrafts)
                _sets[_count++] = all;
            return;
        }

        Span<double> worth = stackalloc double[drafts];
        Span<int> order = stackalloc int[drafts];
        for (int from = 0; from < drafts; from += MaxSets)
        {
            _count = Math.Min(MaxSets, drafts - from);
            for (int i = 0; i < _count; i++)
                _sets[i] = 1UL << from + i;
            shared.Window.Count(Sets, _counts);
            for (int i = 0; i < _count; i++)
                worth[from + i] = -(_counts.Right(i)[0] + _tuning.PriorTrials) / (_counts.Tried(i)[0] + _tuning.PriorTrials);
        }

        for (int i = 0; i < drafts; i++)
        {
            order[i] = i;
            worth[i] = (weighed >> i & 1) != 0 ? worth[i] : 1;
        }

        worth.Sort(order);
        int singles = Math.Min(BitOperations.PopCount(weighed), MaxSets / 2);
        ulong best = 1UL << order[0] | _free;
        _count = 0;
        for (int i = 0; i < singles; i++)
            _sets[_count++] = 1UL << order[i] | _free;
        for (int i = 1; i < singles; i++)
            _sets[_count++] = best |= 1UL << order[i];
        if (best != all)
            _sets[_count++] = all;
    }
}
