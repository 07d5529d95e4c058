using Minions.Benchmarks.EndToEnd.Costs;
using Minions.Benchmarks.Reporting;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>The figures of an arm over one domain or over all.</summary>
internal sealed record Figures
{
    /// <summary>Generated ids over wall time, of each repetition.</summary>
    public required IReadOnlyList<double> PerRepetition { get; init; }

    /// <summary>The same over all repetitions.</summary>
    public required Spread TokensPerSecond { get; init; }

    /// <summary>The median against that of <c>plain</c>, or <see langword="null"/> where that was not measured.</summary>
    public double? Ratio { get; init; }

    /// <summary>The ratios of single repetitions, which ran side by side.</summary>
    public Spread? RatioPerRepetition { get; init; }

    /// <summary>The ratios of single repetitions to <c>plain-identical</c>, which decodes in the mode that speculating arms do.</summary>
    public Spread? ToIdentical { get; init; }

    /// <summary>The ratios of single repetitions to <c>genai</c>, GenAI's own plain decoding.</summary>
    public Spread? ToGenAI { get; init; }

    /// <summary>The name of the fastest arm of a fixed length that is the same but for that length, by the medians.</summary>
    public string? BestFixed { get; init; }

    /// <summary>The ratios of single repetitions to that arm.</summary>
    public Spread? OfBestFixed { get; init; }

    public required double P50Milliseconds { get; init; }

    public required double P95Milliseconds { get; init; }

    /// <summary>Ids committed by rounds over rounds; 0 without rounds.</summary>
    public required double TokensPerRound { get; init; }

    /// <summary>Accepted over checked ids; 0 when none were checked.</summary>
    public required double Acceptance { get; init; }

    /// <summary>Texts that are not the target's own, or <see langword="null"/> where nothing is promised.</summary>
    public required int? TextsDiffering { get; init; }

    /// <summary>Texts whose ids are not those that GenAI decodes plainly, or <see langword="null"/> where no arm runs GenAI.</summary>
    public required int? TextsUnlikeGenAI { get; init; }

    /// <summary>Texts of an arm of GenAI whose ids are not the target's own in this library; <see langword="null"/> for other arms.</summary>
    public required int? TextsUnlikeOwn { get; init; }

    /// <summary>The ratio if nothing but the target's runs took time, and those of a head where no other request's run can hide them.</summary>
    public required double? Bound { get; init; }

    /// <summary>What was reached of the bound, or <see langword="null"/> without the arm it is relative to.</summary>
    public double? Efficiency { get; init; }

    public required int Requests { get; init; }

    public required long Tokens { get; init; }

    public required long Rounds { get; init; }

    /// <summary>Rounds that used what drafts had made of the verification before.</summary>
    public required long PreDraftedRounds { get; init; }

    /// <summary>Rounds for which drafts had pre-drafted in vain.</summary>
    public required long WastedPreDraftRounds { get; init; }

    /// <summary>The part of all rounds that used pre-drafting; 0 without rounds.</summary>
    public double PreDraft => Part(PreDraftedRounds, Rounds);

    /// <summary>Adds up an arm's samples.</summary>
    /// <param name="record">What was measured.</param>
    /// <param name="domain">The domain, or <see langword="null"/> for all.</param>
    /// <param name="costs">What target runs and heads cost.</param>
    /// <param name="concurrency">The requests in flight.</param>
    public static Figures Of(ArmRecord record, int? domain, RunCosts costs, int concurrency)
    {
        double[] perRepetition = [.. record.Repetitions.Select(repetition => Speed(repetition, domain))];
        Sample[] samples = [.. record.Repetitions.SelectMany(repetition => repetition.Samples).Where(sample => domain is null || sample.Domain == domain)];
        double[] latencies = [.. samples.Select(sample => sample.Latency.TotalMilliseconds).Order()];
        Answer[] answers = [.. samples.Select(sample => sample.Answer)];
        long committed = answers.Sum(answer => (long)answer.CommittedTokens);
        long rounds = answers.Sum(answer => (long)answer.Rounds);
        return new Figures
        {
            PerRepetition = perRepetition,
            TokensPerSecond = Spread.Of(perRepetition),
            P50Milliseconds = Spread.Quantile(latencies, 0.5),
            P95Milliseconds = Spread.Quantile(latencies, 0.95),
            TokensPerRound = Part(committed, rounds),
            Acceptance = Part(answers.Sum(answer => (long)answer.AcceptedTokens), answers.Sum(answer => (long)answer.DraftTokens)),
            TextsDiffering = Count(samples, verdict => verdict.Identical),
            TextsUnlikeGenAI = Count(samples, verdict => verdict.LikeGenAI),
            TextsUnlikeOwn = Count(samples, verdict => verdict.LikeOwn),
            Bound = costs.Bound(committed, record.Rounds.Runs(domain), concurrency == 1 ? record.Rounds.HeadMilliseconds(domain, costs.Heads) : 0),
            Requests = samples.Length,
            Tokens = answers.Sum(answer => (long)answer.TokenIds.Count),
            Rounds = rounds,
            PreDraftedRounds = answers.Sum(answer => (long)answer.PreDraftedRounds),
            WastedPreDraftRounds = answers.Sum(answer => (long)answer.WastedPreDraftRounds),
        };
    }

    /// <summary>These figures held against others'.</summary>
    public Figures Against(Baselines others) => this with
    {
        Ratio = TokensPerSecond.Median / others.Plain?.TokensPerSecond.Median,
        RatioPerRepetition = To(others.Plain),
        ToIdentical = To(others.Identical),
        ToGenAI = To(others.GenAI),
        BestFixed = others.BestFixedName,
        OfBestFixed = To(others.BestFixed),
        Efficiency = TokensPerSecond.Median / others.Unit?.TokensPerSecond.Median / Bound,
    };

    private Spread? To(Figures? other) => other is null ? null : Spread.OfRatios(PerRepetition, other.PerRepetition);

    // Requests of several domains may run at once; a domain's part of the wall time is that of its requests' latencies.
    private static double Speed(Repetition repetition, int? domain)
    {
        Sample[] own = [.. repetition.Samples.Where(sample => domain is null || sample.Domain == domain)];
        double part = own.Sum(sample => sample.Latency.TotalSeconds) / repetition.Samples.Sum(sample => sample.Latency.TotalSeconds);
        return own.Sum(sample => (long)sample.Answer.TokenIds.Count) / (repetition.Wall.TotalSeconds * part);
    }

    // Where one text is judged, all of the arm's are.
    private static int? Count(Sample[] samples, Func<TextVerdict, bool?> isAlike) =>
        samples.All(sample => isAlike(sample.Verdict) is null) ? null : samples.Count(sample => isAlike(sample.Verdict) == false);

    private static double Part(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
