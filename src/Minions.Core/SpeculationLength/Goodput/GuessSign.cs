namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>
/// What the guess of plain decoding says about the drafts: where a text repeats itself they are right more often, too. Without that, a sure
/// guess would be held against what drafts reach on average.
/// </summary>
internal sealed class GuessSign
{
    private const double Memory = 0.95;
    private const double MemoryOfAll = 0.995;
    private const double Drift = 0.002;
    private const double Least = 0.05;

    private readonly SharedKnowledge _shared;
    private readonly LogisticRule _rule;
    private double _usual;
    private double _present;
    private bool _isThere;

    /// <summary>Starts from what all requests know. The caller keeps others from writing.</summary>
    public GuessSign(SharedKnowledge shared)
    {
        _shared = shared;
        _rule = new LogisticRule(shared.GuessRule, Drift);
        _usual = shared.UsualGuess;
    }

    /// <summary>By how much the log of the odds that an id is accepted lies above the usual one.</summary>
    public double Shift => _rule.FirstWeight * (_present - _usual);

    /// <summary>Reads the chance of the guess before a round. Where no row is to spare there is none, which says nothing.</summary>
    public void Read(in RoundOutlook outlook)
    {
        _isThere = outlook.LeastRows > 1;
        _present = _isThere ? LogisticRule.LogOdds(Math.Clamp(outlook.PlainTokens - 1, Least, 1 - Least)) : _usual;
    }

    /// <summary>Learns whether the first id of a chain was accepted.</summary>
    public void Observe(bool accepted)
    {
        if (!_isThere)
            return;

        _rule.Learn(_present, 0, accepted);
        _usual += (1 - Memory) * (_present - _usual);
    }

    /// <summary>Lets all requests know.</summary>
    public void Share(bool accepted)
    {
        if (!_isThere)
            return;

        _shared.GuessRule.Learn(_present, 0, accepted);
        _shared.UsualGuess += (1 - MemoryOfAll) * (_present - _shared.UsualGuess);
    }
}
