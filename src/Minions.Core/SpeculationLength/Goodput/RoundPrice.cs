namespace Minions.Core.SpeculationLength.Goodput;

/// <summary>
/// What a round costs in ids: its time, in units of a target run of one row, times the ids that could be had in that time anyway.
/// </summary>
/// <param name="Costs">What runs cost.</param>
/// <param name="Rate">Ids per unit of time, of all requests in the run.</param>
/// <param name="Rows">The rows of the run before this request's chain: its own one and those of others.</param>
/// <param name="Fillers">The rows of the run that plain decoding fills up and the first ids of a chain take over.</param>
/// <param name="Slots">The requests in the run.</param>
/// <param name="Company">The requests that the drafts may run for together, this one included.</param>
/// <param name="Depths">How far the others draft.</param>
/// <param name="StepTime">What a step of the drafts takes for one request.</param>
/// <param name="Start">What beginning to draft takes, in such steps.</param>
internal readonly record struct RoundPrice(RunCosts Costs, double Rate, int Rows, int Fillers, int Slots, int Company, DraftDepths Depths, double StepTime, double Start)
{
    /// <summary>The time without any chain.</summary>
    public double PlainTime => Costs.Run(Rows + Fillers, Slots);

    /// <summary>The time that the chain's id at a position may well add.</summary>
    public double HopefulRow(int position) => position < Fillers ? 0 : Costs.HopefulRow(Rows + position);

    /// <summary>The price of the chain's id at a position, beside that of drafting it.</summary>
    public double OfRow(int position) => position < Fillers ? 0 : Rate * Costs.Row(Rows + position);

    /// <summary>The time that drafting the id at a position takes for all requests that get there.</summary>
    public double Step(int position) => Step(position, Depths.Drafting(position, Company));

    /// <summary>The time that the ids of a draft take which has no company, beyond the share that they would have.</summary>
    public double Loneliness(int length)
    {
        double time = 0;
        for (int i = 0; i < length; i++)
            time += Step(i, 1) - Step(i) / Depths.Drafting(i, Company);
        return time;
    }

    /// <summary>The price of drafting the id at a position, shared by those that get there.</summary>
    /// <remarks>
    /// Whether drafting pays is much the same question for all in the run: if each thought itself the only one to draft, none would begin.
    /// </remarks>
    public double OfStep(int position) => Rate * Step(position) / Depths.Drafting(position, Company);

    // Who begins with the first id pays for beginning.
    private double Step(int position, double requests) => StepTime * Costs.Company(requests) * (position == 0 ? 1 + Start : 1);
}
