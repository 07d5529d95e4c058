using System.Globalization;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Arms;

/// <summary>The arms that can be named: a new one is one line in <see cref="Kinds"/>.</summary>
internal static class ArmCatalogue
{
    // What is behind the colon of the name is handed to the second part of the entry.
    private static readonly Dictionary<string, Func<Arm, string, Arm>> Kinds = new(StringComparer.Ordinal)
    {
        ["plain"] = (arm, _) => arm with { Speculates = false, Mode = DecodingMode.Fastest },
        ["plain-identical"] = (arm, _) => arm with { Speculates = false },
        ["plain-serial"] = (arm, _) => arm with { Speculates = false, Mode = DecodingMode.Fastest, IsSerial = true },
        ["plain-packed"] = (arm, _) => arm with { Speculates = false, Packs = true },
        ["single:FOLDER"] = (arm, folder) => arm with { OnlyDraft = NameOf(folder) },
        ["vote-paper"] = (arm, _) => arm with { VotesAsPaper = true },
        ["vote"] = (arm, _) => arm,
        ["fixed:K"] = (arm, length) => arm with { Length = Fixed(arm, length) },
        ["trend"] = (arm, _) => arm with { Length = LengthRule.Of("trend") },
        ["goodput"] = (arm, _) => arm with { Length = LengthRule.Of("goodput") },
        ["unpacked"] = (arm, _) => arm,
        ["full"] = (arm, _) => arm with { Packs = true },
    };

    /// <summary>What can be typed, for messages.</summary>
    public static string Known { get; } = string.Join(", ", Kinds.Keys);

    /// <summary>The target's own text, which the others' are held against.</summary>
    public static Arm Reference { get; } = Kinds["plain-identical"](new Arm("plain-identical"), "");

    /// <summary>Reads a list of arms, separated by commas.</summary>
    /// <param name="typed">The list as typed.</param>
    /// <param name="drafts">The names of the drafts there are.</param>
    /// <param name="ngram">Whether the n-gram voter takes part, which can draft alone.</param>
    /// <exception cref="BadInputException">An arm is unknown, named twice or has nothing to run.</exception>
    public static IReadOnlyList<Arm> Parse(string typed, IReadOnlyCollection<string> drafts, bool ngram)
    {
        string[] names = typed.Split(',', StringSplitOptions.TrimEntries);
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new BadInputException($"--arms: '{twice.Key}' is named twice; results are told apart by the arms' names.");

        return [.. names.Select(name => Check(Parse(name), drafts, ngram))];
    }

    private static Arm Parse(string name)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        string stem = colon < 0 ? name : name[..(colon + 1)];
        string? kind = Kinds.Keys.FirstOrDefault(known => colon < 0 ? known == stem : known.StartsWith(stem, StringComparison.Ordinal));
        return kind is not null
            ? Kinds[kind](new Arm(name), colon < 0 ? "" : name[(colon + 1)..])
            : throw new BadInputException($"--arms: '{name}' is unknown. Known arms: {Known}.");
    }

    private static Arm Check(Arm arm, IReadOnlyCollection<string> drafts, bool ngram)
    {
        if (arm.OnlyDraft is { } draft && !drafts.Contains(draft))
            throw new BadInputException($"--arms: '{arm.Name}': there is no draft '{draft}'. {(drafts.Count == 0 ? "Name drafts with --draft." : $"The drafts are {string.Join(", ", drafts)}.")}");
        if (arm.Speculates && drafts.Count == 0 && !ngram)
            throw new BadInputException($"--arms: '{arm.Name}' needs a draft. Name one with --draft, or give --ngram.");

        return arm;
    }

    // A folder may be typed as for --draft; its name is what tells drafts apart.
    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));

    private static LengthRule Fixed(Arm arm, string typed) =>
        int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length <= LengthRule.Greatest
            ? LengthRule.Fixed(length)
            : throw new BadInputException($"--arms: '{arm.Name}': '{typed}' is not a whole number from 0 to {LengthRule.Greatest}.");
}
