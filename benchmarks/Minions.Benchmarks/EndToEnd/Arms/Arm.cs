using Minions.Benchmarks.EndToEnd.Scenarios;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>One way to run the models that is measured against the others.</summary>
/// <param name="Name">The arm as typed.</param>
internal sealed record Arm(string Name)
{
    /// <summary>Whether drafts take part.</summary>
    public bool Speculates { get; init; } = true;

    /// <summary>Whether runs of the target may be one row wide; such an arm's text is held against nothing.</summary>
    public DecodingMode Mode { get; init; } = DecodingMode.BitIdentical;

    /// <summary>Which drafts run.</summary>
    public ArmPanel Panel { get; init; } = ArmPanel.Everything;

    /// <summary>What takes the drafts' places, or <see langword="null"/> for nothing.</summary>
    public DraftScenario? Scenario { get; init; }

    /// <summary>The length rule, or <see langword="null"/> for the library's.</summary>
    public LengthRule? Length { get; init; }

    /// <summary>Whether drafts vote and learn by the paper's rules.</summary>
    public bool VotesAsPaper { get; init; }

    /// <summary>Whether one request runs at a time, however many the others run.</summary>
    public bool IsSerial { get; init; }

    /// <summary>Whether target and drafts may take several requests into one run.</summary>
    public bool Packs { get; init; }

    /// <summary>Whether drafts go on behind a request's chain while the target checks it; otherwise that is the library's to say.</summary>
    public bool PreDrafts { get; init; }

    /// <summary>How GenAI decodes in this library's stead, or <see langword="null"/> where it does not.</summary>
    public GenAIDecoding? GenAI { get; init; }

    /// <summary>Whether GenAI runs the target of this library's pipeline.</summary>
    public bool TargetIsGenAI { get; init; }

    /// <summary>Whether GenAI takes part.</summary>
    public bool RunsGenAI => TargetIsGenAI || GenAI is not null;

    /// <summary>Whether the text has to be the target's own.</summary>
    public bool PromisesIdenticalText => Mode == DecodingMode.BitIdentical;

    /// <summary>Whether it speculates as another arm does, but for the length.</summary>
    public bool IsSameButForLength(Arm other) => Speculates && this with { Name = other.Name, Length = other.Length } == other;
}
