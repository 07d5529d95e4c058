namespace Minions.Core.Drafting;

/// <summary>How likely a draft held the ids of a text that it read, each behind those before it.</summary>
/// <param name="Ids">The number of ids.</param>
/// <param name="Mean">The mean of their probabilities, in [0, 1]; 0 without any.</param>
internal readonly record struct TextFit(int Ids, double Mean)
{
    /// <summary>The ids that tell drafts for one kind of text from those for another; with fewer, chance decides.</summary>
    public const int LeastIds = 16;

    /// <summary>As many tell nearly all that a text can tell.</summary>
    public const int MostIds = 32;
}
