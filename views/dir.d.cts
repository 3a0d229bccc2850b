/** The absolute path of `views/`, without a slash at its end. */
export declare const viewsDir: string;
/** Of the folder of catalogues. */
export declare const localesDir: string;
/** Of the OpenAPI document. */
export declare const openApiFile: string;
