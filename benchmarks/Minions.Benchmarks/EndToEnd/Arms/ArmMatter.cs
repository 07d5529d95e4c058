namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>What a part of an arm's name settles. Two parts that settle the same contradict each other.</summary>
[Flags]
internal enum ArmMatter
{
    /// <summary>Which drafts run.</summary>
    Panel = 1,

    /// <summary>That some drafts run, among others that are named.</summary>
    Voter = 64,

    /// <summary>What takes the drafts' places.</summary>
    Scenario = 2,

    /// <summary>How drafts vote and learn.</summary>
    Vote = 4,

    /// <summary>How far to speculate.</summary>
    Length = 8,

    /// <summary>Whether requests share runs.</summary>
    Packing = 16,

    /// <summary>What drafts do while the target verifies.</summary>
    PreDraft = 32,

    /// <summary>What runs the target.</summary>
    Target = 128,

    /// <summary>Without drafts there is nothing else to settle but what runs the target.</summary>
    Everything = Panel | Voter | Scenario | Vote | Length | Packing | PreDraft,

    /// <summary>GenAI's own decoding settles all.</summary>
    GenAI = Everything | Target,
}
