using Minions.Benchmarks.Models;
using Minions.Core;

namespace Minions.Benchmarks.GreedyEquality;

/// <summary>Which of the loaded drafts an arm has.</summary>
internal enum ExactnessPanel
{
    None,
    Heads,
    OneDraft,
    All,
}

/// <summary>A way to speculate whose texts are held against those of plain decoding.</summary>
internal sealed record ExactnessArm(ExactnessPanel Panel, int Length)
{
    private static readonly int[] Lengths = [1, 2, 4, 8];

    /// <summary>The arms that differ from each other with these models. Without drafts the length has no effect, so that one runs once.</summary>
    public static IReadOnlyList<ExactnessArm> Of(LoadedModels models) =>
    [
        new(ExactnessPanel.None, 0),
        .. new[] { ExactnessPanel.Heads, ExactnessPanel.OneDraft, ExactnessPanel.All }
            .Where(panel => panel != ExactnessPanel.Heads || models.Heads.Count > 0)
            .SelectMany(panel => Lengths.Select(length => new ExactnessArm(panel, length))),
    ];

    /// <summary>The arm's drafts.</summary>
    public IReadOnlyList<IDraftModel> DraftsOf(LoadedModels models) => Panel switch
    {
        ExactnessPanel.None => [],
        ExactnessPanel.Heads => models.Heads,
        ExactnessPanel.OneDraft => [models.Drafts.First(draft => !draft.ReadsStates)],
        _ => models.Drafts,
    };

    public override string ToString() => Panel switch
    {
        ExactnessPanel.None => "0 drafts",
        ExactnessPanel.Heads => $"head, length {Length}",
        ExactnessPanel.OneDraft => $"1 draft, length {Length}",
        _ => $"all, length {Length}",
    };
}
