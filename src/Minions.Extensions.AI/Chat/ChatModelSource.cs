using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Tokenization;
using Minions.Extensions.AI.Templates;

namespace Minions.Extensions.AI.Chat;

/// <summary>Loads what a client knows of its model, once, with the first request. A load that fails is tried again by the next.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The semaphore's wait handle is never asked for, so there is nothing to free.")]
internal sealed partial class ChatModelSource(SpeculativePipeline pipeline, MinionsChatClientOptions options, ILogger logger, TimeProvider time)
{
    private const string Provider = "minions";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile ChatModel? _model;

    /// <summary>The provider and the model's name; the latter only once it is loaded, unless an option gives it.</summary>
    public ChatClientMetadata Metadata => _model?.Metadata ?? new ChatClientMetadata(Provider, providerUri: null, options.ModelId);

    /// <summary>What applies where a request says nothing.</summary>
    public GenerationOptions Defaults => options.Generation;

    public ValueTask<ChatModel> GetAsync(CancellationToken cancellationToken) => _model is { } model ? ValueTask.FromResult(model) : new ValueTask<ChatModel>(LoadAsync(cancellationToken));

    private async Task<ChatModel> LoadAsync(CancellationToken cancellationToken)
    {
        PipelineInfo info = await pipeline.LoadAsync(cancellationToken).ConfigureAwait(false);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _model ??= await Task.Run(() => Make(info), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private ChatModel Make(PipelineInfo info)
    {
        ITextTokenizer tokenizer = info.Tokenizer ?? throw new InvalidOperationException("The pipeline has no tokenizer, so it cannot chat. Give it one by UseTokenizer or PipelineComponents.Tokenizer.");
        ChatTemplateSet templates = options.Templates
            ?? (info.ModelFolder is { } folder ? ChatTemplateSet.Load(folder, new ChatTemplateOptions { TimeProvider = time }) : ChatTemplateSet.Plain);
        string modelId = options.ModelId ?? ModelName.Of(info.ModelFolder) ?? Provider;
        var model = new ChatModel(templates, tokenizer, options, new ChatClientMetadata(Provider, providerUri: null, modelId));
        if (model.IsPlain)
            HasNoTemplate(logger, modelId);
        else if (model.HasUnknownCalls)
            HasUnknownCalls(logger, modelId);
        else if (!model.KnowsTools)
            ShowsNoTools(logger, modelId, model.Markup.Syntax.Calls!.Name);
        if (model.DropsTextBesideCalls)
            DropsTextBesideCalls(logger, modelId);
        return model;
    }

    [LoggerMessage(70, LogLevel.Warning, "Model '{Model}' has no chat template: its prompts have each message as 'Role: text'. Give the template by MinionsChatClientOptions.Templates where it has one elsewhere.")]
    private static partial void HasNoTemplate(ILogger logger, string model);

    [LoggerMessage(71, LogLevel.Warning, "The chat template of model '{Model}' shows no tools: where a request offers some, they are described in the system message, and calls are read in the format '{Format}'. Give a template that shows them by MinionsChatClientOptions.Templates where there is one.")]
    private static partial void ShowsNoTools(ILogger logger, string model, string format);

    [LoggerMessage(72, LogLevel.Warning, "The chat template of model '{Model}' shows tools, but not how the model writes calls: where a request offers some, they are described in the system message instead, and calls are read as JSON between <tool_call> tags. Give a template that renders calls by MinionsChatClientOptions.Templates where there is one.")]
    private static partial void HasUnknownCalls(ILogger logger, string model);

    [LoggerMessage(73, LogLevel.Information, "The chat template of model '{Model}' takes either text or calls: what an answer says beside its calls is not shown to the model again.")]
    private static partial void DropsTextBesideCalls(ILogger logger, string model);
}
