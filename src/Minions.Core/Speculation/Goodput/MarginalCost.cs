namespace Minions.Core.Speculation.Goodput;

/// <summary>What a round costs in ids: its time, in units of a target run of one row, times the ids that could be had in that time anyway.</summary>
/// <param name="Costs">What runs cost.</param>
/// <param name="Rate">Ids per unit of time, of all requests in the run.</param>
/// <param name="Rows">The rows of the run before this request's chain: its own one and those of others.</param>
/// <param name="Fillers">The rows of the run that plain decoding fills up and the first ids of a chain take over.</param>
/// <param name="Requests">The requests in the run.</param>
/// <param name="Sharing">The requests that share a step of the drafts, this one included.</param>
internal readonly record struct MarginalCost(CostModel Costs, double Rate, int Rows, int Fillers, int Requests, double Sharing)
{
    /// <summary>The time without any chain.</summary>
    public double PlainTime => Costs.Run(Rows + Fillers, Requests);

    public double HopefulRow(int position) => position < Fillers ? 0 : Costs.HopefulRow(Rows + position);

    public double OfRow(int position) => position < Fillers ? 0 : Rate * Costs.Row(Rows + position);

    /// <summary>The time of one step of the drafts for all requests that take it.</summary>
    public double StepTime(double step, int position) => step * Costs.Company(Sharing) * (position == 0 ? 1 + Costs.Start : 1);
}
