using System.ComponentModel.DataAnnotations;
using Minions.Core.Generation;
using Minions.Core.Voting;

namespace Minions.Core.Speculation;

/// <summary>Which drafts of a pipeline run, how far they go, and how their votes are weighed. Speed depends on it, texts do not.</summary>
public sealed class SpeculationOptions : IValidatableObject
{
    /// <summary>The length that pays on most machines for small drafts.</summary>
    internal const int DefaultLength = 3;

    /// <summary>
    /// The rule that chooses speculation lengths. Default: <see cref="SpeculationLengthRule.Goodput"/>. A controller of your own
    /// (<see cref="Pipeline.PipelineComponents.LengthController"/>) takes the rule's place.
    /// </summary>
    [DefinedEnum]
    public SpeculationLengthRule Rule { get; set; }

    /// <summary>
    /// The speculation length of every round under the rule <see cref="SpeculationLengthRule.Fixed"/>, 1 to 64 and within <see cref="MinLength"/>
    /// and <see cref="MaxLength"/>; no other rule takes one. Default (<see langword="null"/>): 3, clipped to these bounds.
    /// </summary>
    [Range(1, GenerationOptions.MaximumSpeculationLength)]
    public int? Length { get; set; }

    /// <summary>
    /// The least speculation length a round may have, 0 to 64, default 0. The end of a request still cuts rounds shorter, and a request that
    /// asks for a length of its own (<see cref="GenerationOptions.SpeculationLength"/>) gets that.
    /// </summary>
    [Range(0, GenerationOptions.MaximumSpeculationLength)]
    public int MinLength { get; set; }

    /// <summary>
    /// The greatest speculation length a round may have, 0 to 64 and not below <see cref="MinLength"/>, default 16. A request that asks for a
    /// length of its own gets that. With 0 the target is alone, whatever the other options say: as with
    /// <see cref="GenerationOptions.Speculate"/> off, no draft runs and nothing is guessed.
    /// </summary>
    [Range(0, GenerationOptions.MaximumSpeculationLength)]
    public int MaxLength { get; set; } = 16;

    /// <summary>Which drafts run in a round. Default: those that earn their time.</summary>
    [DefinedEnum]
    public DraftSelection DraftSelection { get; set; }

    /// <summary>How the drafts' weights in the vote are learnt. Default: from every draft's agreement with the verified text.</summary>
    [DefinedEnum]
    public DraftWeighting Weighting { get; set; }

    internal SpeculationOptions Copy() => (SpeculationOptions)MemberwiseClone();

    /// <summary>Makes the controller of the rule.</summary>
    internal ISpeculationLengthController OpenController() => Rule switch
    {
        SpeculationLengthRule.Fixed => new FixedSpeculationLength(Length ?? DefaultLength),
        SpeculationLengthRule.Trend => new TrendSpeculationLength(),
        _ => new GoodputSpeculationLength(),
    };

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (MaxLength == 0)
            yield break;
        if (MinLength > MaxLength)
            yield return validationContext.Fault(nameof(MinLength), $"is {MinLength}, which exceeds {nameof(MaxLength)}, {MaxLength}: lower the one or raise the other");
        if (Length is not { } length)
            yield break;

        if (Rule != SpeculationLengthRule.Fixed)
            yield return validationContext.Fault(nameof(Length), $"is {length}, but {nameof(Rule)} {Rule} chooses lengths itself: remove the one, or set the other to {SpeculationLengthRule.Fixed}");
        if (length > MaxLength)
            yield return validationContext.Fault(nameof(Length), $"is {length}, which exceeds {nameof(MaxLength)}, {MaxLength}: lower the one or raise the other");
        else if (length < MinLength)
            yield return validationContext.Fault(nameof(Length), $"is {length}, which is below {nameof(MinLength)}, {MinLength}: raise the one or lower the other");
    }
}
