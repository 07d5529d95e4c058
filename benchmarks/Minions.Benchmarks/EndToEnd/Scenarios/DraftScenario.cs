using Minions.Core;

namespace Minions.Benchmarks.EndToEnd.Scenarios;

/// <summary>What takes the place of every draft of an arm, to see what the length rule and the panel make of it.</summary>
/// <param name="Name">The scenario as typed.</param>
/// <param name="Replace">Makes the draft that takes another's place.</param>
internal sealed record DraftScenario(string Name, Func<IDraftModel, ScenarioFacts, IDraftModel> Replace)
{
    /// <summary>Random ids, as surely proposed as the draft's own, at once: nothing is to be gained.</summary>
    public static DraftScenario Useless { get; } = new("useless", (draft, facts) => new UselessDraft(draft, facts.VocabularySize, facts.Sureness[draft.Name]));

    /// <summary>The draft itself, but each id takes two runs of the target longer: whatever is gained costs more.</summary>
    public static DraftScenario Slow { get; } = new("slow", (draft, facts) => new SlowDraft(draft, 2 * facts.TargetStep, Pause.Take));

    /// <summary>The text that the target will write, at once: the longer, the better.</summary>
    public static DraftScenario Perfect { get; } = new("perfect", (draft, facts) => new PerfectDraft(draft, facts.Texts));
}
