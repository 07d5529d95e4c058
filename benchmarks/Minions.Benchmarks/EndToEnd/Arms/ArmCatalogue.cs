using System.Globalization;
using Minions.Benchmarks.EndToEnd.Scenarios;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>The arms that can be named, alone or joined to others: a new one is one line in <see cref="Kinds"/>.</summary>
internal static class ArmCatalogue
{
    private const char Joint = '+';
    private const string Folder = ":FOLDER";
    private const string Name = "NAME";

    // It says all of which drafts run, so that no voter can be added.
    private const ArmMatter Alone = ArmMatter.Panel | ArmMatter.Voter;

    // What is behind the colon of the name is handed to the last part of the entry.
    private static readonly Dictionary<string, Kind> Kinds = new(StringComparer.Ordinal)
    {
        ["plain"] = new(ArmMatter.Everything, (arm, _) => arm with { Speculates = false, Mode = DecodingMode.Fastest }),
        ["plain-identical"] = new(ArmMatter.Everything, (arm, _) => arm with { Speculates = false }),
        ["plain-serial"] = new(ArmMatter.Everything, (arm, _) => arm with { Speculates = false, Mode = DecodingMode.Fastest, IsSerial = true }),
        ["plain-packed"] = new(ArmMatter.Everything, (arm, _) => arm with { Speculates = false, Packs = true }),
        ["head"] = Voter(new ArmPanel { Heads = true }),
        ["ngram"] = Voter(new ArmPanel { Ngram = true }),
        ["drafts"] = Voter(new ArmPanel { Drafts = true, Ngram = true }),
        ["best-single"] = Voter(new ArmPanel { BestSingle = true }),
        [Name] = new(ArmMatter.Voter, (arm, name) => arm with { Panel = arm.Panel.With(new ArmPanel { Names = [name] }) }),
        ["full"] = new(Alone | ArmMatter.Packing, (arm, _) => arm with { Panel = ArmPanel.Everything with { Ngram = true }, Packs = true }),
        ["single" + Folder] = new(Alone, (arm, folder) => arm with { Panel = new ArmPanel { Names = [NameOf(folder)] } }),
        ["vote-paper"] = new(Alone | ArmMatter.Vote, (arm, _) => arm with { VotesAsPaper = true }),
        ["vote"] = new(Alone | ArmMatter.Vote, (arm, _) => arm),
        ["fixed:K"] = new(ArmMatter.Length, (arm, length) => arm with { Length = Fixed(arm, length) }),
        ["trend"] = new(ArmMatter.Length, (arm, _) => arm with { Length = LengthRule.Of("trend") }),
        ["moving"] = new(ArmMatter.Length, (arm, _) => arm with { Length = LengthRule.Of("moving") }),
        ["goodput"] = new(ArmMatter.Length, (arm, _) => arm with { Length = LengthRule.Of("goodput") }),
        ["unpacked"] = new(ArmMatter.Packing, (arm, _) => arm),
        ["packed"] = new(ArmMatter.Packing, (arm, _) => arm with { Packs = true }),
        ["genai"] = OfGenAI((_, _) => GenAIDecoding.Plain),
        ["genai:NAME:K"] = OfGenAI((arm, typed) => GenAIDecoding.Fixed(arm.Name, typed)),
        ["genai-adaptive:NAME"] = OfGenAI((_, name) => GenAIDecoding.Adaptive(name)),
        ["genai-ngram:K"] = OfGenAI((arm, typed) => GenAIDecoding.Ngram(arm.Name, typed)),
        ["minions-on-genai"] = new(ArmMatter.Target, (arm, _) => arm with { TargetIsGenAI = true }),
        ["pre-draft"] = new(ArmMatter.PreDraft, (arm, _) => arm with { PreDrafts = true }),

        // What stands in for a draft is asked in rounds only.
        ["useless"] = new(ArmMatter.Scenario | ArmMatter.PreDraft, (arm, _) => arm with { Scenario = DraftScenario.Useless }),
        ["slow"] = new(ArmMatter.Scenario | ArmMatter.PreDraft, (arm, _) => arm with { Scenario = DraftScenario.Slow }),
        ["perfect"] = new(ArmMatter.Scenario | ArmMatter.PreDraft, (arm, _) => arm with { Scenario = DraftScenario.Perfect }),
    };

    /// <summary>What can be typed, for messages.</summary>
    public static string Known { get; } = string.Join(", ", Kinds.Keys);

    /// <summary>The target's own text, which the others' are held against.</summary>
    public static Arm Reference { get; } = Compose("plain-identical", new LoadedVoters([], [], Ngram: false));

    /// <summary>GenAI's own plain decoding.</summary>
    public static Arm GenAIReference { get; } = Compose("genai", new LoadedVoters([], [], Ngram: false));

    /// <summary>Reads a list of arms, separated by commas; an arm's parts are joined by plus signs.</summary>
    /// <param name="typed">The list as typed.</param>
    /// <param name="voters">The drafts there are.</param>
    /// <exception cref="BadInputException">An arm is unknown, contradicts itself, is named twice or has nothing to run.</exception>
    public static IReadOnlyList<Arm> Parse(string typed, LoadedVoters voters)
    {
        string[] names = typed.Split(',', StringSplitOptions.TrimEntries);
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException($"--arms: '{twice.Key}' is named twice; results are told apart by the arms' names.");

        return [.. names.Select(name => Check(Compose(name, voters), voters))];
    }

    private static Arm Compose(string name, LoadedVoters voters)
    {
        var arm = new Arm(name) { Panel = new ArmPanel() };
        var earlier = new List<(string Part, ArmMatter Settles)>();
        foreach (string part in PartsOf(name, voters))
        {
            if (KindNameOf(part, voters) is not { } known)
                throw new BadInputException($"--arms: '{part}' is unknown{(part == name ? "" : $" (in '{name}')")}. Known arms: {Known}{(voters.Names.Any() ? $"; {Name} is one of {string.Join(", ", voters.Names)}" : "")}.");

            Kind kind = Kinds[known];
            if (earlier.Find(other => Contradict(other, (part, kind.Settles))) is { Part: { } other, Settles: var settled })
                throw Contradiction(name, (other, settled), (part, kind.Settles));
            earlier.Add((part, kind.Settles));
            arm = kind.Apply(arm, part[(part.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        }

        ArmMatter settles = earlier.Aggregate(default(ArmMatter), (all, part) => all | part.Settles);
        return arm with
        {
            Panel = settles.HasFlag(ArmMatter.Voter) && arm.Panel != new ArmPanel() ? arm.Panel
                : arm.TargetIsGenAI && !settles.HasFlag(ArmMatter.Panel) ? new ArmPanel { Drafts = true, Ngram = true }
                : ArmPanel.Everything,

            // Voters that are named share runs, as they would in an application.
            Packs = arm.Packs || (settles & (Alone | ArmMatter.Packing)) == ArmMatter.Voter,
        };
    }

    // A folder's name may hold a plus sign: what is neither an arm nor a draft there belongs to the folder.
    private static List<string> PartsOf(string name, LoadedVoters voters)
    {
        var parts = new List<string>();
        foreach (string part in name.Split(Joint))
        {
            if (parts.Count > 0 && KindNameOf(part, voters) is null && KindNameOf(parts[^1], voters) is { } known && TakesName(known))
                parts[^1] += Joint + part;
            else
                parts.Add(part);
        }

        return parts;
    }

    private static bool TakesName(string known) => known.EndsWith(Folder, StringComparison.Ordinal) || known.Contains($":{Name}", StringComparison.Ordinal);

    private static string? KindNameOf(string part, LoadedVoters voters)
    {
        int colon = part.IndexOf(':', StringComparison.Ordinal);
        string stem = colon < 0 ? part : part[..(colon + 1)];
        return Kinds.Keys.FirstOrDefault(known => known != Name && (colon < 0 ? known == stem : known.StartsWith(stem, StringComparison.Ordinal)))
            ?? (voters.Names.Contains(part, StringComparer.Ordinal) ? Name : null);
    }

    // Voters add up; the same one twice says nothing.
    private static bool Contradict((string Part, ArmMatter Settles) one, (string Part, ArmMatter Settles) other) => (one.Settles & other.Settles) switch
    {
        0 => false,
        ArmMatter.Voter => one.Part == other.Part || ((one.Settles | other.Settles) & ArmMatter.Panel) != 0,
        _ => true,
    };

    private static BadInputException Contradiction(string name, params (string Part, ArmMatter Settles)[] parts)
    {
        string? alone = parts.FirstOrDefault(part => part.Settles == ArmMatter.Everything).Part;
        if (parts.FirstOrDefault(part => part.Settles == ArmMatter.GenAI).Part is { } genAI)
            return new BadInputException($"--arms: '{name}': '{genAI}' is GenAI's own decoding, so it stands alone.");
        return new BadInputException(alone is not null
            ? $"--arms: '{name}': '{alone}' runs no draft, so it stands alone."
            : $"--arms: '{name}': '{parts[0].Part}' and '{parts[1].Part}' contradict each other: both say {Describe(parts[0].Settles & parts[1].Settles)}.");
    }

    private static string Describe(ArmMatter matter) => matter switch
    {
        _ when (matter & Alone) != 0 => "which drafts run",
        _ when matter.HasFlag(ArmMatter.Scenario) => "what takes the drafts' places",
        ArmMatter.Vote => "how drafts vote",
        ArmMatter.Length => "how far to speculate",
        ArmMatter.PreDraft => "what drafts do while the target verifies",
        ArmMatter.Target => "what runs the target",
        _ => "whether requests share runs",
    };

    private static Arm Check(Arm arm, LoadedVoters voters)
    {
        if (!arm.Speculates)
            return arm;

        ArmPanel panel = arm.Panel;
        if (panel.Names.FirstOrDefault(name => !voters.Names.Contains(name, StringComparer.Ordinal)) is { } draft)
            throw new BadInputException($"--arms: '{arm.Name}': there is no draft '{draft}'. {(voters.Names.Any() ? $"The drafts are {string.Join(", ", voters.Names)}." : "Name drafts with --draft.")}");
        if (panel.Heads && !panel.Drafts && voters.Heads.Count == 0)
            throw new BadInputException($"--arms: '{arm.Name}' needs a head. Name one with --head.");
        if (panel.BestSingle && voters.Drafts.Count == 0)
            throw new BadInputException($"--arms: '{arm.Name}' needs a draft that is no head. Name one with --draft.");

        bool hasDraft = panel.BestSingle || voters.Drafts.Any(name => panel.Includes(name, isHead: false));
        if (!hasDraft && !voters.Heads.Any(name => panel.Includes(name, isHead: true)) && !panel.Ngram && !voters.Ngram)
            throw new BadInputException($"--arms: '{arm.Name}' needs a draft. Name one with --draft, or give --ngram.");
        if (arm.PreDrafts && !hasDraft)
            throw new BadInputException($"--arms: '{arm.Name}' needs a draft that can go on during a verification, which heads and the n-gram voter cannot. Name one with --draft.");
        return arm;
    }

    // A folder may be typed as for --draft; its name is what tells drafts apart.
    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));

    private static LengthRule Fixed(Arm arm, string typed) =>
        int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length <= LengthRule.Greatest
            ? LengthRule.Fixed(length)
            : throw new BadInputException($"--arms: '{arm.Name}': '{typed}' is not a whole number from 0 to {LengthRule.Greatest}.");

    private static Kind OfGenAI(Func<Arm, string, GenAIDecoding> read) =>
        new(ArmMatter.GenAI, (arm, typed) => arm with { Speculates = false, Mode = DecodingMode.Fastest, GenAI = read(arm, typed) });

    private static Kind Voter(ArmPanel voter) => new(ArmMatter.Voter, (arm, _) => arm with { Panel = arm.Panel.With(voter) });

    private sealed record Kind(ArmMatter Settles, Func<Arm, string, Arm> Apply);
}
