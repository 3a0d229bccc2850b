/** The absolute path of `views/`, without a slash at its end. */
export declare const viewsDir: string;
