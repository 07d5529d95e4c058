namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>
/// What may be spent on rounds that are not the best ones by present knowledge, as a small share of all the time: the bound on what useless
/// drafts can cost. Shared by all requests, so that short ones get their turn too. In units of a target run of one row.
/// </summary>
internal sealed class ExplorationBudget
{
    private const double Share = 0.004;
    private const double Most = 4;
    private const int MostTrials = 64;
    private const double GoldenRatio = 0.6180339887498949;

    private double _balance = 2;
    private int _explorations;
    private int _trials;

    /// <summary>How many explorations there were.</summary>
    public int Explorations => Volatile.Read(ref _explorations);

    public double Balance => Volatile.Read(ref _balance);

    public bool HasTrials => Volatile.Read(ref _trials) < MostTrials;

    /// <summary>
    /// Takes one of a pipeline's trials, which cost nothing: drafts that have hardly run yet look dearer than they are, and a budget would have
    /// them judged by that for long.
    /// </summary>
    public bool TryTakeTrial() => HasTrials && Interlocked.Increment(ref _trials) <= MostTrials;

    /// <summary>Puts by the share of a round.</summary>
    public void Earn(double cost) => Add(cost * Share);

    /// <summary>Books what an exploration gained beyond what was expected of it, or lost.</summary>
    public void Add(double gain)
    {
        double before = Volatile.Read(ref _balance);
        while (true)
        {
            double seen = Interlocked.CompareExchange(ref _balance, Math.Min(before + gain, Most), before);
            if (BitConverter.DoubleToInt64Bits(seen) == BitConverter.DoubleToInt64Bits(before))
                return;
            before = seen;
        }
    }

    /// <summary>Pays for an exploration if the balance allows. What it takes varies, or of several requests one might pay each time.</summary>
    public bool TrySpend(double price)
    {
        double fraction = Explorations * GoldenRatio % 1;
        if (Balance < price * (0.5 + fraction))
            return false;

        Interlocked.Increment(ref _explorations);
        Add(-price);
        return true;
    }
}
