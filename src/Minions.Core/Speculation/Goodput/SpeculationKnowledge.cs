namespace Minions.Core.Speculation.Goodput;

/// <summary>What the requests of a pipeline learn together. Whoever reads or writes holds <see cref="Gate"/>.</summary>
internal sealed class SpeculationKnowledge
{
    // The doubt that comes back with every case, as a share of the first one: for all requests, and for one.
    private const double SharedDrift = 0.0005;
    private const double RequestDrift = 0.005;

    // What was taken over counts as much as the rounds that matter; a power of 2, so that a ratio comes out as it went in, to the last bit.
    private const double TakenRounds = 256;

    private readonly OnlineLogisticRegression _acceptance = new([0, 0.8, 1], [1, 0.5, 1], SharedDrift);
    private readonly OnlineLogisticRegression _survival = new([0, 0.8, 0], [1, 0.5, 0], SharedDrift);
    private readonly DecayedRatio[] _hopes;
    private readonly double[] _rests;
    private DecayedRatio _rate;
    private DecayedRatio _voteShare;

    public SpeculationKnowledge(int drafts, SpeculationTuning tuning)
    {
        (Drafts, Tuning) = (drafts, tuning);
        Costs = new CostModel(drafts);
        Window = new AgreementWindow(tuning.SharedPositions);
        Proposed = new PositionRatios(tuning.FirstReach, tuning.PositionTrials, tuning.RoundDecay);
        Verified = new PositionRatios(tuning.FirstReach, tuning.PositionTrials, tuning.RoundDecay);
        Accepted = new PositionRatios(1, tuning.AcceptedTrials, tuning.RoundDecay);
        Texts = new TextSpread(drafts, tuning);
        Calibration = new AcceptanceCalibration(_acceptance, _survival);
        _voteShare.Start(tuning.FirstVoteShare, 10);
        _rests = new double[drafts];
        _hopes = new DecayedRatio[drafts];
        for (int i = 0; i < drafts; i++)
            _hopes[i].Start(tuning.FirstHope, tuning.HopeTrials);
    }

    public Lock Gate { get; } = new();

    public int Drafts { get; }

    public SpeculationTuning Tuning { get; }

    public CostModel Costs { get; }

    /// <summary>The agreements of earlier requests' texts.</summary>
    public AgreementWindow Window { get; }

    /// <summary>How often drafts stopped, for each id that was expected to be rejected.</summary>
    public PositionRatios Proposed { get; }

    /// <summary>How often chains ended, for each id that was expected to be rejected.</summary>
    public PositionRatios Verified { get; }

    /// <summary>The ids that were accepted, for each that would be if nothing were cut.</summary>
    public PositionRatios Accepted { get; }

    /// <summary>How much texts differ.</summary>
    public TextSpread Texts { get; }

    public AcceptanceCalibration Calibration { get; }

    /// <summary>Ids per unit of time, of one request.</summary>
    public double Rate => _rate.Value;

    /// <summary>The share of what the best draft of each round would add to the best single draft that the vote got; below 0 when it lost.</summary>
    public double VoteShare => Math.Clamp(_voteShare.Value, -1, 1);

    /// <summary>The share of what was hoped of looks at a draft that they brought.</summary>
    public double Hope(int draft) => _hopes[draft].Value;

    /// <summary>Learns what a look brought, and what was hoped of it, in ids a round.</summary>
    public void LearnHope(int draft, double brought, double hoped) => _hopes[draft].Add(brought, Math.Max(brought, hoped), Tuning.HopeDecay);

    /// <summary>The time since a draft was asked in any request.</summary>
    public double TimeSince(int draft) => _rests[draft];

    /// <summary>Books the time of a round for the drafts that rested.</summary>
    public void Rest(ulong asked, double time)
    {
        for (int i = 0; i < Drafts; i++)
            _rests[i] = (asked >> i & 1) != 0 ? 0 : _rests[i] + time;
    }

    public AcceptanceCalibration OpenCalibration() =>
        new(new OnlineLogisticRegression(_acceptance, RequestDrift), new OnlineLogisticRegression(_survival, RequestDrift));

    /// <summary>Learns what a round cost.</summary>
    /// <param name="round">The round.</param>
    /// <param name="missed">The most ids that a draft had to catch up on.</param>
    /// <returns>What such a round costs, in target runs of one row.</returns>
    public double LearnCostsNeedsLock(SpeculationRound round, int missed)
    {
        // Probes that run alone are a round like any other; beside others they run for one step.
        (ulong drafts, ulong probes) = round.Running.IsEmpty ? (round.Ran, 0) : (round.Running.Bits, round.Ran & ~round.Running.Bits);
        int steps = round.Ran == 0 ? 0 : Math.Max(1, Math.Max(round.ProposedLength, round.DraftSteps));
        double drafting = steps == 0 ? 0 : Costs.Drafting(drafts, probes, steps) * Costs.Company(round.DraftRequests);
        double time = Costs.Run(round.Rows, round.Requests) + drafting;
        Costs.LearnRun(round.Rows, round.Requests, round.VerifyTime.TotalSeconds);
        if (steps > 0)
            Costs.LearnDrafting(drafts, probes, steps, missed, round.DraftRequests, round.DraftTime.TotalSeconds);
        return time;
    }

    public void LearnRate(double tokens, double time) => _rate.Add(tokens, time, Tuning.RoundDecay);

    /// <summary>Learns from a vote: how much it got, and the best there was, beyond the draft that is best alone.</summary>
    public void LearnVote(int gain, int best) => _voteShare.Add((double)gain * best, (double)best * best, Tuning.RoundDecay);

    /// <summary>What is known, for another pipeline of the same models on the same machine.</summary>
    public KnowledgeState Export()
    {
        lock (Gate)
            return ExportNeedsLock();
    }

    /// <summary>Takes over what another pipeline knew.</summary>
    /// <returns>Whether it can be used: nothing has changed otherwise.</returns>
    public bool TryImport(KnowledgeState state)
    {
        lock (Gate)
        {
            KnowledgeState before = ExportNeedsLock();
            if (TryTakeNeedsLock(state))
                return true;

            TryTakeNeedsLock(before);
            return false;
        }
    }

    private KnowledgeState ExportNeedsLock() => new()
    {
        Costs = Costs.Export(),
        Agreements = Window.Export(),
        Stops = Proposed.Export(),
        Cuts = Verified.Export(),
        Accepted = Accepted.Export(),
        Acceptance = _acceptance.Export(),
        Survival = _survival.Export(),
        Texts = Texts.Export(),
        Hopes = [.. _hopes.Select(hope => hope.Value)],
        CatchUp = Costs.CatchUp,
        Rate = _rate.Value,
        VoteShare = _voteShare.Value,
    };

    private bool TryTakeNeedsLock(KnowledgeState state)
    {
        if (state.Agreements.Length % 2 != 0 || state.Rate is not (>= 0 and < 1e6) || state.VoteShare is not (>= -1e6 and <= 1e6)
            || !Costs.TryImport(state.Costs) || !Proposed.TryImport(state.Stops) || !Verified.TryImport(state.Cuts) || !Accepted.TryImport(state.Accepted)
            || state.Hopes.Length != Drafts || state.Hopes.AsSpan().ContainsAnyExceptInRange(0, 1) || state.CatchUp is not (>= 0 and <= CostModel.MostCatchUp)
            || !Texts.TryImport(state.Texts) || !_acceptance.TryImport(state.Acceptance) || !_survival.TryImport(state.Survival))
            return false;

        Window.Import(state.Agreements);
        Costs.StartCatchUp(state.CatchUp);
        for (int i = 0; i < Drafts; i++)
            _hopes[i].Start(state.Hopes[i], Tuning.HopeTrials);
        _rate.Start(state.Rate, TakenRounds);
        _voteShare.Start(state.VoteShare, TakenRounds);
        return true;
    }
}
