using Microsoft.Extensions.Options;

namespace Minions.Core.GenAI.DependencyInjection;

/// <summary>The models of a pipeline that run on ONNX Runtime GenAI; bound by <see cref="Microsoft.Extensions.DependencyInjection.GenAIMinionsBuilderExtensions.UseGenAI"/>.</summary>
public sealed class GenAIPipelineOptions
{
    /// <summary>The model whose text is generated. Default: none, which leaves it to other options of the pipeline.</summary>
    [ValidateObjectMembers]
    public GenAIModelOptions? Target { get; set; }

    /// <summary>Models that guess ahead, beside the other drafts of the pipeline. Default: none.</summary>
    [ValidateEnumeratedItems]
    public List<GenAIModelOptions> Drafts { get; } = [];

    /// <summary>What configuration sections hold that cannot be bound.</summary>
    internal List<string> ConfigurationFaults { get; } = [];
}
