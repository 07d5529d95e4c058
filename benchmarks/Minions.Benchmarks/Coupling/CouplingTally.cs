namespace Minions.Benchmarks.Coupling;

/// <summary>How often a draft's id is the target's, summed over positions of texts that the target drew.</summary>
internal sealed class CouplingTally(string models, string draft, string domain)
{
    private int _positions;
    private int _shared;
    private double _unshared;
    private double _likeliest;
    private double _best;

    /// <summary>The column titles of <see cref="ToString"/>.</summary>
    public static string Header { get; } =
        $"{"models",-8}  {"draft",-14}  {"domain",-8}  {"positions",9}  {"shared noise",12}  {"unshared",8}  {"likeliest id",12}  {"best possible",13}  {"shared of best",14}";

    /// <summary>Counts a position.</summary>
    /// <param name="target">The target's probabilities.</param>
    /// <param name="draft">The draft's.</param>
    /// <param name="agrees">Whether the draft with the target's noise chose the target's id.</param>
    public void Add(double[] target, double[] draft, bool agrees)
    {
        double together = 0;
        double overlap = 0;
        int likeliest = 0;
        for (int id = 0; id < draft.Length; id++)
        {
            together += target[id] * draft[id];
            overlap += Math.Min(target[id], draft[id]);
            likeliest = draft[id] > draft[likeliest] ? id : likeliest;
        }

        _positions++;
        _shared += agrees ? 1 : 0;
        _unshared += together;
        _likeliest += target[likeliest];
        _best += overlap;
    }

    public override string ToString() =>
        $"{models,-8}  {draft,-14}  {domain,-8}  {_positions,9}  {Mean(_shared),12:0.000}  {Mean(_unshared),8:0.000}  {Mean(_likeliest),12:0.000}  {Mean(_best),13:0.000}  {_shared / _best,14:0.000}";

    private double Mean(double sum) => sum / _positions;
}
