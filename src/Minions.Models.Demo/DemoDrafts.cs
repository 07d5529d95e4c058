namespace Minions.Models.Demo;

/// <summary>Which of the demonstration models guess for the target.</summary>
[Flags]
public enum DemoDrafts
{
    /// <summary>None: plain decoding, unless other drafts are added.</summary>
    None = 0,

    /// <summary>The head, <see cref="DemoModels.Head"/>.</summary>
    Head = 1,

    /// <summary>The draft that is best at code, <see cref="DemoModels.CodeDraft"/>.</summary>
    Code = 2,

    /// <summary>The draft that is best at stories, <see cref="DemoModels.StoriesDraft"/>.</summary>
    Stories = 4,

    /// <summary>The draft that is best at questions of fact, <see cref="DemoModels.FactsDraft"/>.</summary>
    Facts = 8,

    /// <summary>The n-gram draft, which needs no model: it knows what comes again in the text.</summary>
    Ngram = 16,

    /// <summary>
    /// What <see cref="Microsoft.Extensions.DependencyInjection.DemoModelsBuilderExtensions.UseDemoModels"/> takes unless told otherwise: the head and the n-gram
    /// draft. Beside the head, which guesses better at every kind of request, the three drafts cost more than they bring.
    /// </summary>
    Default = Head | Ngram,

    /// <summary>All of them.</summary>
    All = Head | Code | Stories | Facts | Ngram,
}
