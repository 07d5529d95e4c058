using Microsoft.Extensions.Options;
using Minions.Core.DependencyInjection;
using Minions.Core.GenAI.Loading;

namespace Minions.Core.GenAI.DependencyInjection;

/// <summary>Finds every fault of the models on GenAI when a pipeline's options are checked: bounds, folders, adapters.</summary>
internal sealed class GenAIPipelineValidator(IOptionsMonitor<GenAIPipelineOptions> models) : IValidateOptions<MinionsOptions>
{
    private const string TokenizerFile = "tokenizer.json";

    private static readonly GenAIPipelineBounds Bounds = new();

    public ValidateOptionsResult Validate(string? name, MinionsOptions options)
    {
        GenAIPipelineOptions own = models.Get(name ?? Options.DefaultName);
        string root = string.IsNullOrEmpty(name) ? nameof(GenAIPipelineOptions) : $"{nameof(GenAIPipelineOptions)}['{name}']";
        if (own.ConfigurationFaults.Count > 0)
            return ValidateOptionsResult.Fail(own.ConfigurationFaults.Select(fault => $"{root}: {fault}"));

        string[] faults =
        [
            .. Bounds.Validate(root, own).Failures ?? [],
            .. (own.Target is { } target ? FindFaults($"{root}.Target", target) : []),
            .. own.Drafts.SelectMany((draft, i) => FindFaults($"{root}.Drafts[{i}]", draft)),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> FindFaults(string place, GenAIModelOptions model)
    {
        if (string.IsNullOrWhiteSpace(model.Folder))
            yield break;

        if (FindFolderFault(model.Folder) is { } fault)
            yield return $"{place}.{nameof(model.Folder)}: {fault}";
        else if (model.ReadsTokenizer && !File.Exists(Path.Combine(model.Folder, TokenizerFile)))
            yield return $"{place}.{nameof(model.Folder)}: The model folder '{model.Folder}' has no '{TokenizerFile}'; without {nameof(model.ReadsTokenizer)} it needs none.";
        foreach ((string member, string what) in OptionFaults.Find(model))
            yield return $"{place}.{member}: {what}";
    }

    private static string? FindFolderFault(string folder)
    {
        try
        {
            GenAIConfiguration.Read(folder);
            return null;
        }
        catch (ModelLoadException fault)
        {
            return fault.Message;
        }
    }
}
