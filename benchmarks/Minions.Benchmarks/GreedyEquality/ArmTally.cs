using Minions.Core.Generation;

namespace Minions.Benchmarks.GreedyEquality;

/// <summary>Adds up what one arm did over all prompts.</summary>
internal sealed class ArmTally(string models, ExactnessArm arm)
{
    private int _texts;
    private long _ids;
    private long _drafted;
    private long _accepted;
    private long _committed;
    private long _rounds;

    /// <summary>The column titles of <see cref="ToString"/>.</summary>
    public static string Header { get; } = $"{"models",-8}  {"arm",-18}  {"texts",5}  {"ids",7}  {"texts differ",12}  {"ids differ",10}  {"acceptance",10}  {"tokens/round",12}";

    public int TextsDiffering { get; private set; }

    public long IdsDiffering { get; private set; }

    public bool Differs => TextsDiffering > 0 || IdsDiffering > 0;

    /// <summary>Counts a pair of texts.</summary>
    /// <returns>Whether they are the same.</returns>
    public bool Add(GenerationResult own, GenerationResult speculative)
    {
        int same = own.TokenIds.Zip(speculative.TokenIds).Count(pair => pair.First == pair.Second);
        int differing = Math.Max(own.TokenIds.Count, speculative.TokenIds.Count) - same;
        bool textDiffers = own.Text != speculative.Text;
        IdsDiffering += differing;
        TextsDiffering += textDiffers ? 1 : 0;
        _texts++;
        _ids += speculative.TokenIds.Count;
        _drafted += speculative.Statistics.DraftTokens;
        _accepted += speculative.Statistics.AcceptedTokens;
        _committed += speculative.Statistics.CommittedTokens;
        _rounds += speculative.Statistics.Rounds;
        return differing == 0 && !textDiffers;
    }

    public override string ToString() =>
        $"{models,-8}  {arm,-18}  {_texts,5}  {_ids,7}  {TextsDiffering,12}  {IdsDiffering,10}  {Ratio(_accepted, _drafted),10}  {Ratio(_committed, _rounds),12}";

    private static string Ratio(long part, long whole) => whole == 0 ? "-" : $"{(double)part / whole:0.000}";
}
