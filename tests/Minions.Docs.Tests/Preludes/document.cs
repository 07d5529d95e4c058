string document = "The document that is to be edited.";
