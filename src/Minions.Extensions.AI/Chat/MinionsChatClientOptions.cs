using System.Text.Json.Nodes;
using Minions.Core.Generation;
using Minions.Extensions.AI.Templates;

namespace Minions.Extensions.AI;

/// <summary>How a <see cref="MinionsChatClient"/> turns conversations into prompts. The values are read once, when the client is made.</summary>
public sealed class MinionsChatClientOptions
{
    /// <summary>
    /// The name that responses report and <see cref="Microsoft.Extensions.AI.ChatOptions.ModelId"/> may ask for. Default (<see langword="null"/>): the name of
    /// the target's folder, that of the repository for a snapshot in a download cache, that of the folder around it where it is called "target", "model" or
    /// "onnx"; or "minions" where the target comes from none.
    /// </summary>
    public string? ModelId { get; set; }

    /// <summary>
    /// The chat templates. Default (<see langword="null"/>): those in the target's folder, and without any <see cref="ChatTemplateSet.Plain"/>, which one
    /// warning tells of.
    /// </summary>
    public ChatTemplateSet? Templates { get; set; }

    /// <summary>
    /// Variables for the template beside those that the folder names, such as <c>enable_thinking</c>. Default: none. What a request sets wins.
    /// </summary>
    public JsonObject Variables { get; set; } = [];

    /// <summary>
    /// What applies where a request says nothing: sampling, length and the rest. Default: greedy, at most 1,024 ids. For what the model's files
    /// recommend, take <see cref="Core.Generation.ModelDefaults.ToOptions"/>.
    /// </summary>
    public GenerationOptions Generation { get; set; } = new() { MaxOutputTokens = 1024 };

    /// <summary>
    /// Whether special tokens written out in messages become their ids. Default <see langword="false"/>: text of users stays text, so
    /// <c>&lt;|im_end|&gt;</c> in a message cannot end it.
    /// </summary>
    public bool ParseSpecialTokensInMessages { get; set; }

    /// <summary>Whether the pipeline outlives the client. Default <see langword="true"/>; with <see langword="false"/> it is disposed with it.</summary>
    public bool LeaveOpen { get; set; } = true;

    /// <summary>A checked copy, which later changes do not reach.</summary>
    /// <exception cref="ArgumentException">A value is null that must not be, or one that no request can mean.</exception>
    internal MinionsChatClientOptions Copy()
    {
        if (Variables is null)
            throw new ArgumentNullException(nameof(Variables), "The variables of the template must not be null; leave them empty for none.");
        if (Generation is null)
            throw new ArgumentNullException(nameof(Generation), "The generation options must not be null; leave them out for the defaults.");
        if (ModelId is { } id && string.IsNullOrWhiteSpace(id))
            throw new ArgumentException("The name of the model must not be empty; leave it null for that of the target's folder.", nameof(ModelId));
        var copy = (MinionsChatClientOptions)MemberwiseClone();
        copy.Variables = (JsonObject)Variables.DeepClone();
        return copy;
    }
}
