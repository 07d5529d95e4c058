namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>How far a request's rounds get, by position: how likely an id is drafted, verified and accepted.</summary>
internal sealed class RoundProspects
{
    private const double Memory = 0.95;
    private const double FadeInPlainRounds = 0.99;
    private const double FirstAcceptance = 0.6;
    private const double FirstReach = 0.95;
    private const double LeastKept = 0.2;
    private const int FirstAndNext = 2;

    // What is likelier here need not be so a few ids on.
    private const double FadeOfShift = 0.8;

    private readonly SharedKnowledge _shared;
    private readonly PositionOdds _accepted;
    private readonly PositionOdds _verified;
    private readonly PositionOdds _proposed;
    private readonly double[] _acceptance;
    private readonly double[] _verification;
    private readonly double[] _proposal;

    public RoundProspects(SharedKnowledge shared, int positions)
    {
        _shared = shared;
        (_accepted, _verified, _proposed) = (new(positions, Memory), new(positions, Memory), new(positions, Memory));
        (_acceptance, _verification, _proposal) = (new double[positions], new double[positions], new double[positions]);
    }

    /// <summary>Brings the estimates of the first positions up to date.</summary>
    public void Estimate(int positions)
    {
        Estimate(_shared.Accepted, _accepted, FirstAcceptance, _acceptance.AsSpan(0, positions));
        Estimate(_shared.Verified, _verified, FirstReach, _verification.AsSpan(0, positions));
        Estimate(_shared.Proposed, _proposed, FirstReach, _proposal.AsSpan(0, positions));
    }

    /// <summary>Makes ids of the first positions as much likelier to be accepted as something says.</summary>
    public void Shift(int positions, double logOdds)
    {
        for (int i = 0; i < positions; i++, logOdds *= FadeOfShift)
            _acceptance[i] = LogisticRule.Probability(LogisticRule.LogOdds(_acceptance[i]) + logOdds);
    }

    /// <summary>The most valuable length.</summary>
    /// <param name="price">What its time costs.</param>
    /// <param name="plainTokens">The ids that length 0 is expected to give.</param>
    /// <param name="least">The least length.</param>
    /// <param name="most">The greatest.</param>
    public LengthValue Best(in RoundPrice price, double plainTokens, int least, int most)
    {
        var current = LengthValue.Undrafted(price);
        LengthValue best = current.Guessing(plainTokens - 1);
        double accepted = 1, verified = 1, drafted = 1;
        for (int i = 0; i < most; i++)
        {
            drafted *= _proposal[i];
            verified *= _verification[i];
            accepted *= _acceptance[i];
            current = current.With(price, accepted, drafted, verified * price.HopefulRow(i));
            if (current.Value > best.Value || current.Length <= least)
                best = current;
        }

        return best;
    }

    /// <summary>The value of a length if every id is drafted and verified, whatever its chances.</summary>
    public LengthValue Uncut(in RoundPrice price, int length)
    {
        var value = LengthValue.Undrafted(price);
        double accepted = 1;
        for (int i = 0; i < length; i++)
        {
            accepted *= _acceptance[i];
            value = value.With(price, accepted, 1, price.HopefulRow(i));
        }

        return value;
    }

    /// <summary>
    /// How likely one id more is verified if it is drafted: what drafts go on to propose is often cut once all proposals are seen.
    /// </summary>
    /// <param name="length">The length that is planned.</param>
    public double Kept(int length)
    {
        double kept = 1;
        for (int i = 0; i < Math.Min(length, FirstAndNext); i++)
            kept *= _verification[i] / _proposal[i];
        return Math.Clamp(kept, LeastKept, 1);
    }

    public void Observe(in RoundObservation round) => Observe(_accepted, _verified, _proposed, round);

    /// <summary>Lets all requests know.</summary>
    public void Share(in RoundObservation round) => Observe(_shared.Accepted, _shared.Verified, _shared.Proposed, round);

    /// <summary>Notes a round that drafted nothing: what is known of the text grows old.</summary>
    public void ObservePlain()
    {
        _accepted.Fade(FadeInPlainRounds);
        _verified.Fade(FadeInPlainRounds);
        _proposed.Fade(FadeInPlainRounds);
    }

    private static void Estimate(PositionOdds all, PositionOdds own, double first, Span<double> odds)
    {
        all.Estimate(first, odds);
        own.Sharpen(odds);
    }

    private static void Observe(PositionOdds accepted, PositionOdds verified, PositionOdds proposed, in RoundObservation round)
    {
        accepted.Observe(round.Accepted, round.PlannedLength);
        verified.Observe(round.ChainLength, round.PlannedLength);
        proposed.Observe(Math.Max(round.ProposedLength, round.ChainLength), round.PlannedLength);
    }
}

/// <summary>What a length promises.</summary>
/// <param name="Length">The length.</param>
/// <param name="Value">Expected ids less the price of the time, in ids.</param>
/// <param name="Tokens">Expected ids.</param>
/// <param name="Time">Expected time, in units of a target run of one row.</param>
internal readonly record struct LengthValue(int Length, double Value, double Tokens, double Time)
{
    /// <summary>The target's own id, and nothing drafted yet.</summary>
    public static LengthValue Undrafted(in RoundPrice price) => new(0, 1 - price.Rate * price.PlainTime, 1, price.PlainTime);

    /// <summary>With a guess in the row that is to spare where nothing is drafted.</summary>
    /// <param name="tokens">The chance that it is right.</param>
    public LengthValue Guessing(double tokens) => this with { Value = Value + tokens, Tokens = Tokens + tokens };

    /// <summary>One id longer.</summary>
    /// <param name="price">What its time costs.</param>
    /// <param name="tokens">The chance that it is accepted.</param>
    /// <param name="steps">The chance that it is drafted.</param>
    /// <param name="rows">The time that it is expected to add to the target run.</param>
    public LengthValue With(in RoundPrice price, double tokens, double steps, double rows) => new(
        Length + 1,
        Value + tokens - steps * price.OfStep(Length) - price.Rate * rows,
        Tokens + tokens,
        Time + steps * price.Step(Length) + rows);
}
