using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Minions.Core.Drafting.Ngram;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.DependencyInjection;

/// <summary>Finds every fault of a pipeline's options: attributes, contradictions, and presence and form of the model folders.</summary>
internal sealed partial class MinionsOptionsValidator(IOptionsMonitor<PipelineComposition> compositions) : IValidateOptions<MinionsOptions>
{
    private const int MaxDrafts = 64;

    private static readonly MinionsOptionsAttributes Attributes = new();

    public ValidateOptionsResult Validate(string? name, MinionsOptions options)
    {
        PipelineComposition composition = compositions.Get(name ?? Options.DefaultName);
        List<string> faults =
        [
            .. options.ConfigurationFaults,
            .. FindSettingFaults(options),
            .. FindTargetFaults(options, composition),
            .. FindDraftFaults(options, composition),
        ];
        if (options.SpeculationLength is not null && composition.HasLengthController)
            faults.Add("SpeculationLength: a fixed length and UseSpeculationLengthController exclude each other: remove one of them.");
        if (options.SpeculationLengthRule is { } rule && composition.HasLengthController)
            faults.Add($"SpeculationLengthRule: {rule} and UseSpeculationLengthController exclude each other: remove one of them.");

        string pipeline = string.IsNullOrEmpty(name) ? "" : $" of pipeline '{name}'";
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults.Select(fault => $"{nameof(MinionsOptions)}{pipeline}: {fault}"));
    }

    /// <summary>The faults that need no look at files and builder.</summary>
    public static IEnumerable<string> FindSettingFaults(MinionsOptions options)
    {
        foreach (string fault in (Attributes.Validate(null, options).Failures ?? []).Select(OptionFirst).Concat(FindEnumFaults(options)))
            yield return fault;

        if (options.EndTokens?.FirstOrDefault(id => id < 0) is { } negative and < 0)
            yield return $"EndTokens: {negative} is no id; ids are 0 or greater.";
        if (options.Ngram is { } ngram && NgramDraftOptions.FindPoolFault(ngram.PoolCapacity) is { } poolFault)
            yield return $"{nameof(MinionsOptions.Ngram)}.{poolFault}";
        if (options is { SpeculationLength: not null, SpeculationLengthRule: { } rule and not SpeculationLengthRule.Fixed })
            yield return $"SpeculationLength: a fixed length and SpeculationLengthRule {rule} exclude each other: remove the one, or set the other to Fixed.";
        if (options.Pipeline is not { } pipeline)
            yield break;

        if (!pipeline.IsDraftTimeLimitInRange)
            yield return $"{nameof(MinionsOptions.Pipeline)}.{nameof(PipelineOptions.DraftTimeLimit)}: {pipeline.DraftTimeLimit:c} must lie between a millisecond and a day (5 seconds are written 00:00:05).";

        const string least = $"{nameof(MinionsOptions.Pipeline)}.{nameof(PipelineOptions.MinSpeculationLength)}";
        const string greatest = $"{nameof(MinionsOptions.Pipeline)}.{nameof(PipelineOptions.MaxSpeculationLength)}";
        if (pipeline.MinSpeculationLength > pipeline.MaxSpeculationLength)
            yield return $"{least}: {pipeline.MinSpeculationLength} exceeds {greatest}, which is {pipeline.MaxSpeculationLength}: lower the one or raise the other.";
        else if (options.SpeculationLength > pipeline.MaxSpeculationLength)
            yield return $"SpeculationLength: {options.SpeculationLength} exceeds {greatest}, which is {pipeline.MaxSpeculationLength}: lower the one or raise the other.";
        else if (options.SpeculationLength is >= 0 and var length && length < pipeline.MinSpeculationLength)
            yield return $"SpeculationLength: {options.SpeculationLength} is below {least}, which is {pipeline.MinSpeculationLength}: raise the one or lower the other.";
    }

    // The attribute for it would not tell what was given, nor what may be.
    private static IEnumerable<string> FindEnumFaults(MinionsOptions options)
    {
        IEnumerable<(string Option, string? Fault)> checks =
        [
            (nameof(MinionsOptions.SpeculationLengthRule), options.SpeculationLengthRule is { } rule ? EnumOption.FindFault(rule) : null),
            ($"{nameof(MinionsOptions.Pipeline)}.{nameof(PipelineOptions.Panel)}", options.Pipeline is { } pipeline ? EnumOption.FindFault(pipeline.Panel) : null),
            ($"{nameof(MinionsOptions.Pipeline)}.{nameof(PipelineOptions.Weights)}", options.Pipeline is { } same ? EnumOption.FindFault(same.Weights) : null),
            ($"{nameof(MinionsOptions.Target)}.{nameof(OnnxModelOptions.Provider)}", options.Target is { } target ? EnumOption.FindFault(target.Provider) : null),
            .. (options.Drafts ?? []).Select((draft, i) => ($"{nameof(MinionsOptions.Drafts)}[{i}].{nameof(OnnxModelOptions.Provider)}", draft is null ? null : EnumOption.FindFault(draft.Provider))),
        ];
        return checks.Where(check => check.Fault is not null).Select(check => $"{check.Option}: {check.Fault}");
    }

    private static IEnumerable<string> FindTargetFaults(MinionsOptions options, PipelineComposition composition)
    {
        if (options.Target is { } target)
        {
            return composition.Target is null
                ? FindFolderFaults("Target", target, needsTokenizer: composition.Tokenizer is null)
                : [$"Target: given both as folder '{target.Folder}' and by UseTarget with a verifier of your own: remove one of them."];
        }

        return composition.Target is null
            ? ["Target: no target model is given: set Target.Folder to a model folder, call UseTarget, or add package Minions.Models.Demo and call UseDemoModels."]
            : [];
    }

    private static List<string> FindDraftFaults(MinionsOptions options, PipelineComposition composition)
    {
        if (options.Drafts is not { } drafts)
            return ["Drafts: null is no list: leave it empty for plain decoding."];

        var faults = new List<string>();
        int count = drafts.Count + composition.Drafts.Count + (options.Ngram is null ? 0 : 1);
        if (count > MaxDrafts)
            faults.Add($"Drafts: {count} drafts are given; a pipeline takes at most {MaxDrafts}.");

        var named = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < drafts.Count; i++)
        {
            if (drafts[i] is not { } draft)
                continue; // The generated validation tells.

            faults.AddRange(FindFolderFaults($"Drafts[{i}]", draft, needsTokenizer: composition.Tokenizer is null));
            if (!string.IsNullOrWhiteSpace(draft.Folder) && !named.TryAdd(NameOf(draft.Folder), i))
                faults.Add($"Drafts[{i}].Folder: '{draft.Folder}' ends in the same name as Drafts[{named[NameOf(draft.Folder)]}].Folder; names tell drafts apart in statistics, so rename one of the folders.");
        }

        if (options.Ngram?.Name is { } ngram && named.TryGetValue(ngram, out int folder))
            faults.Add($"Ngram.Name: '{ngram}' is the name of Drafts[{folder}].Folder too; names tell drafts apart in statistics, so change one of them.");
        return faults;
    }

    private static IEnumerable<string> FindFolderFaults(string option, OnnxModelOptions model, bool needsTokenizer) =>
        string.IsNullOrWhiteSpace(model.Folder) ? [] : ModelFolder.FindFaults(model.Folder, needsTokenizer).Select(fault => $"{option}.Folder: {fault}");

    // The generated messages name the option in the middle: "Folder: The MinionsOptions.Drafts[1].Folder field is required."
    private static string OptionFirst(string fault) => GeneratedFault().Replace(fault, "${option}: ${before}${after}");

    [GeneratedRegex(@"^(?:\w+: )?(?<before>.*?)MinionsOptions\.(?<option>\S+) (?<after>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex GeneratedFault();

    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
