namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>
/// What a round costs in ids: its time, in units of a target run of one row, times the ids that could be had in that time anyway.
/// </summary>
/// <param name="Costs">What runs cost.</param>
/// <param name="Rate">Ids per unit of time, of all requests in the run.</param>
/// <param name="Rows">The rows of the run before this request's chain: its own one and those of others.</param>
/// <param name="Fillers">The rows of the run that plain decoding fills up and the first ids of a chain take over.</param>
/// <param name="Slots">The requests in the run.</param>
/// <param name="Step">The time of one step of all drafts.</param>
internal readonly record struct RoundPrice(RunCosts Costs, double Rate, int Rows, int Fillers, int Slots, double Step)
{
    /// <summary>The time without any chain.</summary>
    public double PlainTime => Costs.Run(Rows + Fillers, Slots);

    /// <summary>The time that the chain's id at a position may well add.</summary>
    public double HopefulRow(int position) => position < Fillers ? 0 : Costs.HopefulRow(Rows + position);

    /// <summary>The price of the chain's id at a position, beside that of drafting it.</summary>
    public double OfRow(int position) => position < Fillers ? 0 : Rate * Costs.Row(Rows + position);

    /// <summary>The price of drafting an id.</summary>
    public double OfStep => Rate * Step;
}
