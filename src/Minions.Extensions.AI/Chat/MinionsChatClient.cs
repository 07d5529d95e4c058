using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Extensions.AI.Chat;

namespace Minions.Extensions.AI;

/// <summary>A chat client over a pipeline: the model's own chat template, calls of tools and reasoning read from what it writes, usage told.</summary>
/// <remarks>
/// <para>Safe to use from several threads at once; requests share the pipeline as its own do.</para>
/// <para>
/// <b>Stateless.</b> Each request brings its whole conversation; the pipeline's prefix cache makes the turns of one cheap. A
/// <see cref="ChatOptions.ConversationId"/> is refused.
/// </para>
/// <para>
/// <b>Options</b> are honoured or refused by a <see cref="NotSupportedException"/> that names the member and what to do; none is dropped in silence. The
/// table of them is docs/chat.md. The caller's options are never changed.
/// </para>
/// <para>
/// <b>Updates</b> share <see cref="ChatResponseUpdate.ResponseId"/>, <see cref="ChatResponseUpdate.MessageId"/> and role; the last one carries the finish
/// reason and a <see cref="UsageContent"/>. <see cref="ChatResponseUpdate.RawRepresentation"/> of an update is the list of
/// <see cref="GeneratedToken"/> that came since the one before, those of markup and of reasoning that is not shown included, so that each
/// is in one update; that of the last one is the <see cref="GenerationResult"/>.
/// </para>
/// </remarks>
public sealed class MinionsChatClient : IChatClient
{
    private readonly SpeculativePipeline _pipeline;
    private readonly bool _leaveOpen;
    private readonly ChatModelSource _model;
    private readonly TimeProvider _time;
    private volatile bool _isDisposed;

    /// <summary>Makes a client.</summary>
    /// <param name="pipeline">The pipeline; its models load with the first request where they have not.</param>
    /// <param name="options">How conversations become prompts; <see langword="null"/> for the defaults.</param>
    /// <param name="logger">Receives, once, what is unusual about the model's template; <see langword="null"/> for none.</param>
    /// <param name="time">The clock of <see cref="ChatResponseUpdate.CreatedAt"/>; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">An option is null that must not be, or has a value that no request can mean.</exception>
    public MinionsChatClient(SpeculativePipeline pipeline, MinionsChatClientOptions? options = null, ILogger<MinionsChatClient>? logger = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        MinionsChatClientOptions settings = (options ?? new MinionsChatClientOptions()).Copy();
        _pipeline = pipeline;
        _leaveOpen = settings.LeaveOpen;
        _time = time ?? TimeProvider.System;
        _model = new ChatModelSource(pipeline, settings, (ILogger?)logger ?? NullLogger.Instance, _time);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">An option, a tool or a content cannot be honoured; the message names it and says what to do.</exception>
    /// <exception cref="ArgumentException">Messages or options that no request can mean, such as none, or a temperature that is not a number.</exception>
    /// <exception cref="Templates.ChatTemplateException">The template refuses the messages.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatTurn turn = await BeginAsync(messages, options, cancellationToken).ConfigureAwait(false);
        ChatResponse response = await turn.StreamAsync(cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);
        response.RawRepresentation = turn.Result;
        response.AdditionalProperties = turn.Properties;
        return response;
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">An option, a tool or a content cannot be honoured; the message names it and says what to do.</exception>
    /// <exception cref="ArgumentException">Messages or options that no request can mean, such as none, or a temperature that is not a number.</exception>
    /// <exception cref="Templates.ChatTemplateException">The template refuses the messages.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChatTurn turn = await BeginAsync(messages, options, cancellationToken).ConfigureAwait(false);
        await foreach (ChatResponseUpdate update in turn.StreamAsync(cancellationToken).ConfigureAwait(false))
            yield return update;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Answers <see cref="ChatClientMetadata"/>, <see cref="SpeculativePipeline"/>, itself, and <see cref="GenerationOptions"/>: the client's
    /// defaults, for a <see cref="ChatOptions.RawRepresentationFactory"/> that changes some of them.
    /// </remarks>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _model.Metadata
            : serviceType == typeof(GenerationOptions) ? _model.Defaults
            : serviceType == typeof(SpeculativePipeline) ? _pipeline
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Ends the client: later requests are refused. The pipeline ends with it unless <see cref="MinionsChatClientOptions.LeaveOpen"/>.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_leaveOpen)
            _pipeline.Dispose();
    }

    private async Task<ChatTurn> BeginAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ChatModel model = await _model.GetAsync(cancellationToken).ConfigureAwait(false);

        // A long conversation takes a while to render and encode, and the caller may be a user interface.
        ChatRequest request = await Task.Run(() => ChatRequest.Of(this, model, messages, options), cancellationToken).ConfigureAwait(false);
        return new ChatTurn(_pipeline, model, request, _time);
    }
}
