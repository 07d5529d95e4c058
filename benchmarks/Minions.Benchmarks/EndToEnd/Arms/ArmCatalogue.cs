using System.Globalization;
using Minions.Benchmarks.EndToEnd.Scenarios;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>The arms that can be named, alone or joined to others: a new one is one line in <see cref="Kinds"/>.</summary>
internal static class ArmCatalogue
{
    private const char Joint = '+';
    private const string Folder = ":FOLDER";

    // What is behind the colon of the name is handed to the last part of the entry.
    private static readonly Dictionary<string, Kind> Kinds = new(StringComparer.Ordinal)
    {
        ["plain"] = new(ArmMatter.Everything, (arm, _) => arm with { Speculates = false, Mode = DecodingMode.Fastest }),
        ["plain-identical"] = new(ArmMatter.Everything, (arm, _) => arm with { Speculates = false }),
        ["plain-serial"] = new(ArmMatter.Everything, (arm, _) => arm with { Speculates = false, Mode = DecodingMode.Fastest, IsSerial = true }),
        ["plain-packed"] = new(ArmMatter.Everything, (arm, _) => arm with { Speculates = false, Packs = true }),
        ["single" + Folder] = new(ArmMatter.Panel, (arm, folder) => arm with { OnlyDraft = NameOf(folder) }),
        ["vote-paper"] = new(ArmMatter.Panel | ArmMatter.Vote, (arm, _) => arm with { VotesAsPaper = true }),
        ["vote"] = new(ArmMatter.Panel | ArmMatter.Vote, (arm, _) => arm),
        ["fixed:K"] = new(ArmMatter.Length, (arm, length) => arm with { Length = Fixed(arm, length) }),
        ["trend"] = new(ArmMatter.Length, (arm, _) => arm with { Length = LengthRule.Of("trend") }),
        ["moving"] = new(ArmMatter.Length, (arm, _) => arm with { Length = LengthRule.Of("moving") }),
        ["goodput"] = new(ArmMatter.Length, (arm, _) => arm with { Length = LengthRule.Of("goodput") }),
        ["unpacked"] = new(ArmMatter.Packing, (arm, _) => arm),
        ["full"] = new(ArmMatter.Packing, (arm, _) => arm with { Packs = true }),
        ["pre-draft"] = new(ArmMatter.PreDraft, (arm, _) => arm with { PreDrafts = true }),

        // What stands in for a draft is asked in rounds only.
        ["useless"] = new(ArmMatter.Scenario | ArmMatter.PreDraft, (arm, _) => arm with { Scenario = DraftScenario.Useless }),
        ["slow"] = new(ArmMatter.Scenario | ArmMatter.PreDraft, (arm, _) => arm with { Scenario = DraftScenario.Slow }),
        ["perfect"] = new(ArmMatter.Scenario | ArmMatter.PreDraft, (arm, _) => arm with { Scenario = DraftScenario.Perfect }),
    };

    /// <summary>What can be typed, for messages.</summary>
    public static string Known { get; } = string.Join(", ", Kinds.Keys);

    /// <summary>The target's own text, which the others' are held against.</summary>
    public static Arm Reference { get; } = Parse("plain-identical");

    /// <summary>Reads a list of arms, separated by commas; an arm's parts are joined by plus signs.</summary>
    /// <param name="typed">The list as typed.</param>
    /// <param name="drafts">The names of the drafts there are.</param>
    /// <param name="ngram">Whether the n-gram voter takes part, which can draft alone.</param>
    /// <exception cref="BadInputException">An arm is unknown, contradicts itself, is named twice or has nothing to run.</exception>
    public static IReadOnlyList<Arm> Parse(string typed, IReadOnlyCollection<string> drafts, bool ngram)
    {
        string[] names = typed.Split(',', StringSplitOptions.TrimEntries);
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException($"--arms: '{twice.Key}' is named twice; results are told apart by the arms' names.");

        return [.. names.Select(name => Check(Parse(name), drafts, ngram))];
    }

    private static Arm Parse(string name)
    {
        var arm = new Arm(name);
        var earlier = new List<(string Part, ArmMatter Settles)>();
        foreach (string part in PartsOf(name))
        {
            if (KindNameOf(part) is not { } known)
                throw new BadInputException($"--arms: '{part}' is unknown{(part == name ? "" : $" (in '{name}')")}. Known arms: {Known}.");

            Kind kind = Kinds[known];
            if (earlier.Find(other => (other.Settles & kind.Settles) != 0) is { Part: { } other, Settles: var settled })
                throw Contradiction(name, (other, settled), (part, kind.Settles));
            earlier.Add((part, kind.Settles));
            arm = kind.Apply(arm, part[(part.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        }

        return arm;
    }

    // A folder's name may hold a plus sign: what is no arm of its own there belongs to the folder.
    private static List<string> PartsOf(string name)
    {
        var parts = new List<string>();
        foreach (string part in name.Split(Joint))
        {
            if (parts.Count > 0 && KindNameOf(part) is null && KindNameOf(parts[^1])?.EndsWith(Folder, StringComparison.Ordinal) == true)
                parts[^1] += Joint + part;
            else
                parts.Add(part);
        }

        return parts;
    }

    private static string? KindNameOf(string part)
    {
        int colon = part.IndexOf(':', StringComparison.Ordinal);
        string stem = colon < 0 ? part : part[..(colon + 1)];
        return Kinds.Keys.FirstOrDefault(known => colon < 0 ? known == stem : known.StartsWith(stem, StringComparison.Ordinal));
    }

    private static BadInputException Contradiction(string name, params (string Part, ArmMatter Settles)[] parts)
    {
        string? alone = parts.FirstOrDefault(part => part.Settles == ArmMatter.Everything).Part;
        return new BadInputException(alone is not null
            ? $"--arms: '{name}': '{alone}' runs no draft, so it stands alone."
            : $"--arms: '{name}': '{parts[0].Part}' and '{parts[1].Part}' contradict each other: both say {Describe(parts[0].Settles & parts[1].Settles)}.");
    }

    private static string Describe(ArmMatter matter) => matter switch
    {
        _ when matter.HasFlag(ArmMatter.Panel) => "which drafts run",
        _ when matter.HasFlag(ArmMatter.Scenario) => "what takes the drafts' places",
        ArmMatter.Vote => "how drafts vote",
        ArmMatter.Length => "how far to speculate",
        ArmMatter.PreDraft => "what drafts do while the target verifies",
        _ => "whether requests share runs",
    };

    private static Arm Check(Arm arm, IReadOnlyCollection<string> drafts, bool ngram)
    {
        if (arm.OnlyDraft is { } draft && !drafts.Contains(draft))
            throw new BadInputException($"--arms: '{arm.Name}': there is no draft '{draft}'. {(drafts.Count == 0 ? "Name drafts with --draft." : $"The drafts are {string.Join(", ", drafts)}.")}");
        if (arm.Speculates && drafts.Count == 0 && !ngram)
            throw new BadInputException($"--arms: '{arm.Name}' needs a draft. Name one with --draft, or give --ngram.");
        if (arm.PreDrafts && drafts.Count == 0)
            throw new BadInputException($"--arms: '{arm.Name}' needs a draft that can pre-drafting, which the n-gram voter cannot. Name one with --draft.");

        return arm;
    }

    // A folder may be typed as for --draft; its name is what tells drafts apart.
    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));

    private static LengthRule Fixed(Arm arm, string typed) =>
        int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length <= LengthRule.Greatest
            ? LengthRule.Fixed(length)
            : throw new BadInputException($"--arms: '{arm.Name}': '{typed}' is not a whole number from 0 to {LengthRule.Greatest}.");

    private sealed record Kind(ArmMatter Settles, Func<Arm, string, Arm> Apply);
}
