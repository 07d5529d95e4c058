using Microsoft.Extensions.Options;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Heads;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;

namespace Minions.Core.DependencyInjection;

/// <summary>
/// Finds every fault of a pipeline's options: bounds, contradictions, and presence and form of the model folders. Where configuration could not be
/// bound, only that is told: the options are not what was meant.
/// </summary>
internal sealed class MinionsOptionsValidator(IOptionsMonitor<PipelineComposition> compositions) : IValidateOptions<MinionsOptions>
{
    private const int MaxDrafts = 64;

    private static readonly MinionsOptionsBounds Bounds = new();

    public ValidateOptionsResult Validate(string? name, MinionsOptions options)
    {
        string root = string.IsNullOrEmpty(name) ? nameof(MinionsOptions) : $"{nameof(MinionsOptions)}['{name}']";
        if (options.ConfigurationFaults.Count > 0)
            return ValidateOptionsResult.Fail(options.ConfigurationFaults.Select(fault => $"{root}: {fault}"));

        PipelineComposition composition = compositions.Get(name ?? Options.DefaultName);
        List<string> faults =
        [
            .. Bounds.Validate(root, options).Failures ?? [],
            .. FindEndTokenFaults(options)
                .Concat(FindControllerFaults(options, composition))
                .Concat(FindTargetFaults(options, composition))
                .Concat(FindDraftFaults(options, composition))
                .Select(fault => $"{root}.{fault}"),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> FindEndTokenFaults(MinionsOptions options) =>
        options.EndTokens.Where(id => id < 0).Select(id => $"{nameof(MinionsOptions.EndTokens)}: {id} is no id; ids are 0 or greater.");

    private static IEnumerable<string> FindControllerFaults(MinionsOptions options, PipelineComposition composition)
    {
        if (!composition.HasLengthController || options.Pipeline?.Speculation is not { } speculation)
            yield break;

        const string path = $"{nameof(MinionsOptions.Pipeline)}.{nameof(PipelineOptions.Speculation)}";
        if (speculation.Length is { } length)
            yield return $"{path}.{nameof(SpeculationOptions.Length)}: {length} and UseSpeculationLengthController exclude each other: remove one of them.";
        if (speculation.Rule != default)
            yield return $"{path}.{nameof(SpeculationOptions.Rule)}: {speculation.Rule} and UseSpeculationLengthController exclude each other: remove one of them.";
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
        List<OnnxModelOptions> drafts = options.Drafts;
        var faults = new List<string>();
        int count = drafts.Count + options.Heads.Count + composition.Drafts.Count + (options.Ngram is null ? 0 : 1);
        if (count > MaxDrafts)
            faults.Add($"Drafts: {count} drafts are given; a pipeline takes at most {MaxDrafts}.");

        // The generated validation tells of the others.
        int[] usable = [.. Enumerable.Range(0, drafts.Count).Where(i => drafts[i] is not null)];
        foreach (int i in usable)
            faults.AddRange(FindFolderFaults($"Drafts[{i}]", drafts[i], needsTokenizer: composition.Tokenizer is null));

        for (int i = 0; i < options.Heads.Count; i++)
        {
            if (options.Heads[i] is { } head && !string.IsNullOrWhiteSpace(head.Folder) && FindFault(head) is { } fault)
                faults.Add($"Heads[{i}].Folder: {fault}");
        }

        faults.AddRange(FindNameFaults(options));
        return faults;
    }

    private static IEnumerable<string> FindNameFaults(MinionsOptions options)
    {
        (string Place, OnnxModelOptions Model)[] placed =
        [
            .. options.Heads.Select((head, i) => ($"Heads[{i}]", (OnnxModelOptions)head)).Concat(options.Drafts.Select((draft, i) => ($"Drafts[{i}]", draft)))
                .Where(model => !string.IsNullOrWhiteSpace(model.Item2?.Folder)),
        ];
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (((string place, _), string draftName) in placed.Zip(DraftNames.Of([.. placed.Select(model => model.Model)])))
        {
            if (!named.TryAdd(draftName, place))
                yield return $"{place}: '{draftName}' is {named[draftName]} too; names tell drafts apart in statistics, so remove one of them or give it another {nameof(OnnxModelOptions.Name)}.";
        }

        if (options.Ngram?.Name is { } ngram && named.TryGetValue(ngram, out string? folder))
            yield return $"Ngram.Name: '{ngram}' is the name of {folder} too; names tell drafts apart in statistics, so change one of them.";
    }

    private static string? FindFault(OnnxHeadOptions head)
    {
        try
        {
            HeadConfiguration.Read(head.ToHeadRequest());
            return null;
        }
        catch (ModelLoadException fault)
        {
            return fault.Message;
        }
    }

    private static IEnumerable<string> FindFolderFaults(string option, OnnxModelOptions model, bool needsTokenizer) =>
        string.IsNullOrWhiteSpace(model.Folder) ? [] : ModelFolder.FindFaults(model.Folder, model.ModelFile, needsTokenizer).Select(fault => $"{option}.Folder: {fault}");
}
